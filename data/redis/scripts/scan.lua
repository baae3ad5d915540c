-- A scan of a cached link in one command: reads the link, decides, counts and captures, all or nothing.
--
-- mode      scan: count and capture; bot: capture only; peek: neither
-- nowMs     Unix ms
-- event     the captured scan, JSON; the tenant and the target are stored beside it
-- token     unique to this scan, for the fence
-- fenceTtl, dayTtl     lifetimes of a fence and of a daily counter, s
-- claimMs   how long one caller holds the claim to refresh the link, ms
-- leaseMs   how long one caller holds the lease to fill the link, ms
--
-- A hit returns {state, url, refresh}: refresh is '' except for the one caller that claims the refresh of the link,
-- which gets the fence's token. A miss returns {'miss', token, 'fill' | 'wait' | 'closed'}: the caller that gets the lease
-- is to fill the link, the others wait for it; no caller fills a closed link.
local linkKey, totalKey, dayKey, outboxKey, fenceKey, leaseKey, markKey = unpack(KEYS)
local mode, nowMs, event, token, fenceTtl, dayTtl, claimMs, leaseMs = unpack(ARGV)

-- include open-fence

local function isLink(link)
  if link.err then return false end
  for field = 1, 7 do if not link[field] then return false end end
  local opensAt, closesAt, maxScans, refreshAt = link[3], link[4], link[5], link[7]
  return tonumber(opensAt) and tonumber(refreshAt) and (closesAt == '' or tonumber(closesAt))
    and (maxScans == '' or tonumber(maxScans))
end

local link = redis.pcall('HMGET', linkKey,
  'tenant', 'target', 'opensAt', 'closesAt', 'maxScans', 'fallback', 'refreshAt')
if not isLink(link) then
  local fence, closed = openFence(fenceKey, markKey, token, fenceTtl)
  if closed then return {'miss', fence, 'closed'} end
  local leased = redis.call('SET', leaseKey, '1', 'NX', 'PX', leaseMs)
  return {'miss', fence, leased and 'fill' or 'wait'}
end
local tenant, target, opensAt, closesAt, maxScans, fallback, refreshAt = unpack(link)

local refresh = ''
if tonumber(nowMs) >= tonumber(refreshAt) then
  redis.call('HSET', linkKey, 'refreshAt', string.format('%.0f', nowMs + claimMs))
  refresh = openFence(fenceKey, markKey, token, fenceTtl)
end

local counted, note = mode == 'scan', refresh
-- include scan-link
