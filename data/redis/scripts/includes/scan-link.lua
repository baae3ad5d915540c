-- include increment

-- The end of both scripts of a scan: decides, counts and captures. No function, since a closure over so many locals
-- would cost each scan a microsecond. It takes
--   mode, nowMs, event, dayTtl, totalKey, dayKey, outboxKey
--   tenant, target, opensAt, closesAt, maxScans, fallback: the link, '' where a value is absent; a link without a
--     tenant stands for an unknown ID
--   counted: whether the scan is counted; note: handed back with the outcome
-- and returns {state, url, note}: state is open, early, closed or unknown, url the target or the fallback.
-- `linkState` holds the same rule in TypeScript.
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
