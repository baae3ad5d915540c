// Compiled from data/redis/scripts by `npm run scripts`: change the scripts there.

export const CLOSE = {
  name: "close",
  sha1: "ce7fb8efcf1ac4f0aace8351963dccfeab10f283",
  args: (by: Record<"marks" | "lifetime", string>) => [by.marks, by.lifetime],
  source: `local marks, lifetime = unpack(ARGV)
local time = redis.call('TIME')
local expiresAt = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + lifetime)
local count = #KEYS / 3
local i = 0
for mark in string.gmatch(marks, '[^,]+') do
i = i + 1
local key, fenceKey, markKey = KEYS[i], KEYS[count + i], KEYS[2 * count + i]
redis.call('DEL', key)
local standing = redis.pcall('GET', fenceKey)
if type(standing) ~= 'string' or string.sub(standing, 1, 1) ~= '~' then redis.call('DEL', fenceKey) end
if redis.call('TYPE', markKey).ok ~= 'hash' then redis.call('DEL', markKey) end
redis.call('HSET', markKey, mark, expiresAt)
redis.call('PEXPIRE', markKey, lifetime)
end
return 1
`,
} as const;

export const FILL_AND_SCAN = {
  name: "fill-and-scan",
  sha1: "0af4340074ccf8b02ca3149d7b94dd725b798850",
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
local held = redis.call('GET', fenceKey) == fence
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
  sha1: "bd07d5f3f5939483c912dba28e0a59ef9326013a",
  keys: (by: Record<"entryKey" | "fenceKey", string>) => [by.entryKey, by.fenceKey],
  args: (by: Record<"fence" | "value" | "entryTtl", string>) => [by.fence, by.value, by.entryTtl],
  source: `local entryKey, fenceKey = unpack(KEYS)
local fence, value, entryTtl = unpack(ARGV)
if string.sub(fence, 1, 1) == '~' or redis.call('GET', fenceKey) ~= fence then return 0 end
redis.call('SET', entryKey, value, 'EX', entryTtl)
return 1
`,
} as const;

export const HOLD_LEASE = {
  name: "hold-lease",
  sha1: "f9607b4bf2d05892cec507a3f7f0972728830580",
  keys: (by: Record<"leaseKey", string>) => [by.leaseKey],
  args: (by: Record<"holder" | "leaseMs", string>) => [by.holder, by.leaseMs],
  source: `local leaseKey = unpack(KEYS)
local holder, leaseMs = unpack(ARGV)
local standing = redis.pcall('GET', leaseKey)
if type(standing) == 'string' and standing ~= holder then return 0 end
redis.call('SET', leaseKey, holder, 'PX', leaseMs)
return 1
`,
} as const;

export const INVALIDATE = {
  name: "invalidate",
  sha1: "18c228dfb9ccf8db369b74ec8d941f737b9a00f0",
  args: (by: Record<"guarded" | "marks" | "token" | "fenceTtl", string>) => [
    by.guarded,
    by.marks,
    by.token,
    by.fenceTtl,
  ],
  source: `local guarded, marks, token, fenceTtl = unpack(ARGV)
local count = tonumber(guarded)
local place = 0
for ofKey in string.gmatch(marks, '[^,]+') do
place = place + 1
redis.call('DEL', KEYS[place])
redis.call('SET', KEYS[count + place], token, 'EX', fenceTtl)
for mark in string.gmatch(ofKey, '[^ ]+') do redis.pcall('HDEL', KEYS[2 * count + place], mark) end
end
for i = 3 * count + 1, #KEYS do redis.call('DEL', KEYS[i]) end
return 1
`,
} as const;

export const OPEN_FENCES = {
  name: "open-fences",
  sha1: "45035c9dfe9ceb1cb8b7cb6e77570157f7300611",
  args: (by: Record<"token" | "fenceTtl", string>) => [by.token, by.fenceTtl],
  source: `local token, fenceTtl = unpack(ARGV)
local function openFence(key, marksKey, candidate, seconds)
local closed = false
local marks = redis.pcall('HGETALL', marksKey)
if #marks > 0 then
local time = redis.call('TIME')
local serverMs = time[1] * 1000 + time[2] / 1000
for i = 1, #marks, 2 do
if (tonumber(marks[i + 1]) or 0) > serverMs then closed = true else redis.call('HDEL', marksKey, marks[i]) end
end
end
local standing = redis.pcall('GET', key)
if type(standing) == 'string' and (string.sub(standing, 1, 1) == '~') == closed then return standing, closed end
local fresh = closed and '~' .. candidate or candidate
redis.call('SET', key, fresh, 'EX', seconds)
return fresh, closed
end
local tokens = {}
local count = #KEYS / 2
for i = 1, count do tokens[i] = (openFence(KEYS[i], KEYS[count + i], token, fenceTtl)) end
return tokens
`,
} as const;

export const RAISE_COUNTERS = {
  name: "raise-counters",
  sha1: "7b2be32fa200896b2f184dd217e84d1a6ad2e894",
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

export const RELEASE_LEASE = {
  name: "release-lease",
  sha1: "30ec616b7e89f33e0e166e8b770e4c668cc093ef",
  keys: (by: Record<"leaseKey", string>) => [by.leaseKey],
  args: (by: Record<"holder", string>) => [by.holder],
  source: `local leaseKey = unpack(KEYS)
local holder = unpack(ARGV)
if redis.pcall('GET', leaseKey) == holder then redis.call('DEL', leaseKey) end
return 1
`,
} as const;

export const SCAN = {
  name: "scan",
  sha1: "b33a5b4f91810af4146f2659340f0d10c144ec06",
  keys: (
    by: Record<"linkKey" | "totalKey" | "dayKey" | "outboxKey" | "fenceKey" | "leaseKey" | "markKey", string>,
  ) => [by.linkKey, by.totalKey, by.dayKey, by.outboxKey, by.fenceKey, by.leaseKey, by.markKey],
  args: (
    by: Record<"mode" | "nowMs" | "event" | "token" | "fenceTtl" | "dayTtl" | "claimMs" | "leaseMs", string>,
  ) => [by.mode, by.nowMs, by.event, by.token, by.fenceTtl, by.dayTtl, by.claimMs, by.leaseMs],
  source: `local linkKey, totalKey, dayKey, outboxKey, fenceKey, leaseKey, markKey = unpack(KEYS)
local mode, nowMs, event, token, fenceTtl, dayTtl, claimMs, leaseMs = unpack(ARGV)
local function openFence(key, marksKey, candidate, seconds)
local closed = false
local marks = redis.pcall('HGETALL', marksKey)
if #marks > 0 then
local time = redis.call('TIME')
local serverMs = time[1] * 1000 + time[2] / 1000
for i = 1, #marks, 2 do
if (tonumber(marks[i + 1]) or 0) > serverMs then closed = true else redis.call('HDEL', marksKey, marks[i]) end
end
end
local standing = redis.pcall('GET', key)
if type(standing) == 'string' and (string.sub(standing, 1, 1) == '~') == closed then return standing, closed end
local fresh = closed and '~' .. candidate or candidate
redis.call('SET', key, fresh, 'EX', seconds)
return fresh, closed
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
