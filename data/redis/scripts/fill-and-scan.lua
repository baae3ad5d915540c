-- Fills a link from the database and scans it in one command: what a scan does after its miss.
--
-- mode, nowMs, event, dayTtl     as for scan.lua
-- fence      the token that the miss returned
-- linkTtl    lifetime of the link, s; refreshAt: when to refresh it, Unix ms
-- tenant … fallback     the link, '' where a value is absent; no tenant: the ID is unknown
-- scans      the persisted scans: the counter is raised to at least this figure
-- maxUnknown how many unknown IDs may be stored in a period of unknownTtl seconds, which unknownsKey counts
--
-- Returns {state, url, 'filled' | 'refused'}. Refused means that the link was closed at the miss: the scan is counted and
-- captured, and the link is not stored. {'moved', '', ''} means that it was closed or invalidated after the miss: the
-- scan is neither counted nor captured, since its limit or its code may be another by now. It has to start again.
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
local held = redis.call('GET', fenceKey) == fence
-- An unknown ID has nothing to count: it was unknown when the database was asked.
if not held and tenant ~= '' then return {'moved', '', ''} end
local fillable = held and string.sub(fence, 1, 1) ~= '~'
if fillable and mayStore() then
  redis.call('DEL', linkKey)
  redis.call('HSET', linkKey, 'tenant', tenant, 'target', target, 'opensAt', opensAt, 'closesAt', closesAt,
    'maxScans', maxScans, 'fallback', fallback, 'refreshAt', refreshAt)
  redis.call('EXPIRE', linkKey, linkTtl)
end
raiseCounter(totalKey, scans, '0')

local counted, note = mode == 'scan', fillable and 'filled' or 'refused'
-- include scan-link
