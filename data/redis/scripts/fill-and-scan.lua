-- Fills a link from the database and scans it in one command: what a scan does after its miss.
--
-- mode, nowMs, event, dayTtl     as for scan.lua
-- fence      the token that the miss returned
-- linkTtl    lifetime of the link, s; refreshAt: when to refresh it, Unix ms
-- tenant … fallback     the link, '' where a value is absent; no tenant: the ID is unknown
-- scans      the persisted scans: the counter is raised to at least this figure
-- maxUnknown how many unknown IDs may be stored in a period of unknownTtl seconds, which unknownsKey counts
--
-- Returns {state, url, 'filled' | 'refused'}. Refused means that the link was invalidated after the miss: it is not
-- stored, and the scan is captured but not counted.
local linkKey, totalKey, dayKey, outboxKey, fenceKey, leaseKey, unknownsKey = unpack(KEYS)
local mode, nowMs, event, dayTtl, fence, linkTtl, refreshAt, tenant, target, opensAt, closesAt, maxScans, fallback,
  scans, maxUnknown, unknownTtl = unpack(ARGV)

-- include raise-counter
-- include increment

-- Made-up IDs must not fill the memory. Beyond the bound one leaves nothing, not even its fence, whose absence allows
-- nothing.
local function mayStore()
  if tenant ~= '' then return true end
  local stored = increment(unknownsKey)
  if stored == 1 then redis.call('EXPIRE', unknownsKey, unknownTtl) end
  if stored <= tonumber(maxUnknown) then return true end
  redis.call('DEL', fenceKey)
  return false
end

redis.call('DEL', leaseKey)
local filled = redis.call('GET', fenceKey) == fence
if filled and mayStore() then
  redis.call('DEL', linkKey)
  redis.call('HSET', linkKey, 'tenant', tenant, 'target', target, 'opensAt', opensAt, 'closesAt', closesAt,
    'maxScans', maxScans, 'fallback', fallback, 'refreshAt', refreshAt)
  redis.call('EXPIRE', linkKey, linkTtl)
  raiseCounter(totalKey, scans, '0')
end

local counted, note = filled and mode == 'scan', filled and 'filled' or 'refused'
-- include scan-link
