// Compiled from data/redis/scripts by `npm run scripts`: change the scripts there.

export const FILL_AND_SCAN = {
  name: "fill-and-scan",
  sha1: "bc302a6ac3f8160823d0f29d0b0a134b17b3bcfa",
  keys: (
    by: Record<
      "linkKey" | "totalKey" | "dayKey" | "outboxKey" | "fenceKey" | "leaseKey" | "unknownsKey",
      string
    >,
  ) => [by.linkKey, by.totalKey, by.dayKey, by.outboxKey, by.fenceKey, by.leaseKey, by.unknownsKey],
  args: (
    by: Record<
      | "mode"
      | "nowMs"
      | "event"
      | "dayTtl"
      | "fence"
      | "linkTtl"
      | "refreshAt"
      | "tenant"
      | "target"
      | "opensAt"
      | "closesAt"
      | "maxScans"
      | "fallback"
      | "scans"
      | "maxUnknown"
      | "unknownTtl",
      string
    >,
  ) => [
    by.mode,
    by.nowMs,
    by.event,
    by.dayTtl,
    by.fence,
    by.linkTtl,
    by.refreshAt,
    by.tenant,
    by.target,
    by.opensAt,
    by.closesAt,
    by.maxScans,
    by.fallback,
    by.scans,
    by.maxUnknown,
    by.unknownTtl,
  ],
  source: `local linkKey, totalKey, dayKey, outboxKey, fenceKey, leaseKey, unknownsKey = unpack(KEYS)
local mode, nowMs, event, dayTtl, fence, linkTtl, refreshAt, tenant, target, opensAt, closesAt, maxScans, fallback,
  scans, maxUnknown, unknownTtl = unpack(ARGV)
local function countOf(value)
  return type(value) == 'string' and #value <= 15 and string.find(value, '^%d+$') and tonumber(value) or nil
end
local function raiseCounter(counterKey, least, ttl)
  local value = redis.pcall('GET', counterKey)
  if (countOf(value) or 0) >= tonumber(least) then return end
  if value then
    redis.call('SET', counterKey, least, 'KEEPTTL')
  elseif ttl == '0' then
    redis.call('SET', counterKey, least)
  else
    redis.call('SET', counterKey, least, 'EX', ttl)
  end
end
local function increment(counterKey)
  local count = redis.pcall('INCR', counterKey)
  if type(count) == 'number' then return count end
  local value = redis.pcall('GET', counterKey)
  if value and not countOf(value) then redis.call('DEL', counterKey) end
  return redis.call('INCR', counterKey)
end
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
local now = tonumber(nowMs)
if tenant == '' then return {'unknown', '', note} end
if closesAt ~= '' and now >= tonumber(closesAt) then return {'closed', fallback, note} end
if now < tonumber(opensAt) then return {'early', fallback, note} end
if maxScans ~= '' and (countOf(redis.pcall('GET', totalKey)) or 0) >= tonumber(maxScans) then
  return {'closed', fallback, note}
end
if counted then
  increment(totalKey)
  if increment(dayKey) == 1 then redis.call('EXPIRE', dayKey, dayTtl) end
end
if mode ~= 'peek' then
  redis.call('XADD', outboxKey, '*', 'event', event, 'tenant', tenant, 'target', target)
end
return {'open', target, note}
`,
} as const;

export const FILL = {
  name: "fill",
  sha1: "6e8e3b1767eeab0045dc676548945c8b9b07e3dc",
  keys: (by: Record<"entryKey" | "fenceKey", string>) => [by.entryKey, by.fenceKey],
  args: (by: Record<"fence" | "value" | "entryTtl", string>) => [by.fence, by.value, by.entryTtl],
  source: `local entryKey, fenceKey = unpack(KEYS)
local fence, value, entryTtl = unpack(ARGV)
if redis.call('GET', fenceKey) ~= fence then return 0 end
redis.call('SET', entryKey, value, 'EX', entryTtl)
return 1
`,
} as const;

export const INVALIDATE = {
  name: "invalidate",
  sha1: "376d5bf19050a6917803cc455ad5ecab199d1256",
  args: (by: Record<"deletions" | "token" | "fenceTtl", string>) => [by.deletions, by.token, by.fenceTtl],
  source: `local deletions, token, fenceTtl = unpack(ARGV)
local lastKey = tonumber(deletions)
for i = 1, lastKey do redis.call('DEL', KEYS[i]) end
for i = lastKey + 1, #KEYS do redis.call('SET', KEYS[i], token, 'EX', fenceTtl) end
return 1
`,
} as const;

export const OPEN_FENCES = {
  name: "open-fences",
  sha1: "c9438063d881e9e223af63e7d2e29d1d24e8f405",
  args: (by: Record<"token" | "fenceTtl", string>) => [by.token, by.fenceTtl],
  source: `local token, fenceTtl = unpack(ARGV)
local function openFence(key, candidate, seconds)
  local standing = redis.pcall('GET', key)
  if type(standing) == 'string' then return standing end
  redis.call('SET', key, candidate, 'EX', seconds)
  return candidate
end
local tokens = {}
for i, fenceKey in ipairs(KEYS) do tokens[i] = openFence(fenceKey, token, fenceTtl) end
return tokens
`,
} as const;

export const RAISE_COUNTERS = {
  name: "raise-counters",
  sha1: "b3a976fd396e7a7db7b27e006416774a84f37ddf",
  source: `local function countOf(value)
  return type(value) == 'string' and #value <= 15 and string.find(value, '^%d+$') and tonumber(value) or nil
end
local function raiseCounter(counterKey, least, ttl)
  local value = redis.pcall('GET', counterKey)
  if (countOf(value) or 0) >= tonumber(least) then return end
  if value then
    redis.call('SET', counterKey, least, 'KEEPTTL')
  elseif ttl == '0' then
    redis.call('SET', counterKey, least)
  else
    redis.call('SET', counterKey, least, 'EX', ttl)
  end
end
for i = 1, #KEYS / 2 do
  local fenceKey, counterKey = KEYS[2 * i - 1], KEYS[2 * i]
  local token, least, ttl = unpack(ARGV, 3 * i - 2, 3 * i)
  if redis.call('GET', fenceKey) == token then raiseCounter(counterKey, least, ttl) end
end
return 1
`,
} as const;

export const SCAN = {
  name: "scan",
  sha1: "68789d722e2067367a9c5d3e4a69d180e00efe74",
  keys: (by: Record<"linkKey" | "totalKey" | "dayKey" | "outboxKey" | "fenceKey" | "leaseKey", string>) => [
    by.linkKey,
    by.totalKey,
    by.dayKey,
    by.outboxKey,
    by.fenceKey,
    by.leaseKey,
  ],
  args: (
    by: Record<"mode" | "nowMs" | "event" | "token" | "fenceTtl" | "dayTtl" | "claimMs" | "leaseMs", string>,
  ) => [by.mode, by.nowMs, by.event, by.token, by.fenceTtl, by.dayTtl, by.claimMs, by.leaseMs],
  source: `local linkKey, totalKey, dayKey, outboxKey, fenceKey, leaseKey = unpack(KEYS)
local mode, nowMs, event, token, fenceTtl, dayTtl, claimMs, leaseMs = unpack(ARGV)
local function openFence(key, candidate, seconds)
  local standing = redis.pcall('GET', key)
  if type(standing) == 'string' then return standing end
  redis.call('SET', key, candidate, 'EX', seconds)
  return candidate
end
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
  local leased = redis.call('SET', leaseKey, '1', 'NX', 'PX', leaseMs)
  return {'miss', openFence(fenceKey, token, fenceTtl), leased and 'fill' or 'wait'}
end
local tenant, target, opensAt, closesAt, maxScans, fallback, refreshAt = unpack(link)
local refresh = ''
if tonumber(nowMs) >= tonumber(refreshAt) then
  redis.call('HSET', linkKey, 'refreshAt', string.format('%.0f', nowMs + claimMs))
  refresh = openFence(fenceKey, token, fenceTtl)
end
local counted, note = mode == 'scan', refresh
local function countOf(value)
  return type(value) == 'string' and #value <= 15 and string.find(value, '^%d+$') and tonumber(value) or nil
end
local function increment(counterKey)
  local count = redis.pcall('INCR', counterKey)
  if type(count) == 'number' then return count end
  local value = redis.pcall('GET', counterKey)
  if value and not countOf(value) then redis.call('DEL', counterKey) end
  return redis.call('INCR', counterKey)
end
local now = tonumber(nowMs)
if tenant == '' then return {'unknown', '', note} end
if closesAt ~= '' and now >= tonumber(closesAt) then return {'closed', fallback, note} end
if now < tonumber(opensAt) then return {'early', fallback, note} end
if maxScans ~= '' and (countOf(redis.pcall('GET', totalKey)) or 0) >= tonumber(maxScans) then
  return {'closed', fallback, note}
end
if counted then
  increment(totalKey)
  if increment(dayKey) == 1 then redis.call('EXPIRE', dayKey, dayTtl) end
end
if mode ~= 'peek' then
  redis.call('XADD', outboxKey, '*', 'event', event, 'tenant', tenant, 'target', target)
end
return {'open', target, note}
`,
} as const;
