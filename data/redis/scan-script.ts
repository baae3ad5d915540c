import { LUA_COUNT_OF, luaScript } from "./lua-script.ts";

/**
 * A scan in one command: reads the link, decides, counts and captures the event, all or nothing.
 *
 * KEYS: 1 link, 2 scans, 3 scans today, 4 outbox, 5 the link's fence, 6 the lease of whoever fills it
 *       7 how many unknown IDs were stored in this minute; only when the caller comes back with one
 * ARGV: 1 mode: `scan` counts and captures, `bot` captures only, `peek` does neither
 *       2 now, Unix ms
 *       3 the event without tenant and target, JSON
 *       4 a token of the caller's own, for the fence
 *       5 lifetime of a fence, s; 6 lifetime of a daily counter, s; 7 how long a refresh is claimed for, ms
 *       8 how long a lease holds, ms
 *   and, when the caller comes back from the database with the link:
 *       9 the token that the miss returned; 10 lifetime of the link, s; 11 when to refresh it, Unix ms
 *       12 tenant, 13 target, 14 opensAt, 15 closesAt, 16 maxScans, 17 fallback ('' where there is none; a link
 *       without a tenant stands for an unknown ID); 18 the least that the counter of scans must hold;
 *       19 how many unknown IDs may be stored in a minute; 20 that minute, s
 *
 * Returns {'miss', fence, 'fill' or 'wait'}, where one caller at a time is to fill and the others had better wait for
 * it, or {state, url, fence}: state is `open`, `early`, `closed` or `unknown`; url is the
 * target or fallback; fence is '' but for the one caller who is to refresh the link.
 */
export const SCAN = luaScript(
  "scan",
  `${LUA_COUNT_OF}

local mode, now, event, token = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]

local function openFence()
  local standing = redis.pcall('GET', KEYS[5])
  if type(standing) == 'string' then return standing end
  redis.call('SET', KEYS[5], token, 'EX', ARGV[5])
  return token
end

local function increment(key)
  local count = redis.pcall('INCR', key)
  if type(count) == 'number' then return count end
  -- A server that is full or read-only refuses as well, and must not cost the count.
  local value = redis.pcall('GET', key)
  if value and not countOf(value) then redis.call('DEL', key) end
  return redis.call('INCR', key)
end

local function scansSoFar()
  return countOf(redis.pcall('GET', KEYS[2])) or 0
end

-- Made-up IDs must not fill the memory. Beyond the bound one leaves nothing behind, not even its fence, whose absence
-- allows nothing.
local function mayStore(tenant)
  if tenant ~= '' then return true end
  local stored = increment(KEYS[7])
  if stored == 1 then redis.call('EXPIRE', KEYS[7], ARGV[20]) end
  if stored <= tonumber(ARGV[19]) then return true end
  redis.call('DEL', KEYS[5])
  return false
end

local function isLink(value)
  if value.err then return false end
  for field = 1, 7 do if not value[field] then return false end end
  local opens, closes, most, refreshes = value[3], value[4], value[5], value[7]
  return tonumber(opens) and tonumber(refreshes) and (closes == '' or tonumber(closes))
    and (most == '' or tonumber(most))
end

local link, refresh, counted = nil, '', mode == 'scan'
if #ARGV > 8 then
  redis.call('DEL', KEYS[6])
  link = {ARGV[12], ARGV[13], ARGV[14], ARGV[15], ARGV[16], ARGV[17]}
  if redis.call('GET', KEYS[5]) ~= ARGV[9] then
    counted = false
  elseif mayStore(link[1]) then
    redis.call('DEL', KEYS[1])
    redis.call('HSET', KEYS[1], 'tenant', link[1], 'target', link[2], 'opensAt', link[3], 'closesAt', link[4],
      'maxScans', link[5], 'fallback', link[6], 'refreshAt', ARGV[11])
    redis.call('EXPIRE', KEYS[1], ARGV[10])
    if scansSoFar() < tonumber(ARGV[18]) then redis.call('SET', KEYS[2], ARGV[18]) end
  end
else
  link = redis.pcall('HMGET', KEYS[1],
    'tenant', 'target', 'opensAt', 'closesAt', 'maxScans', 'fallback', 'refreshAt')
  if not isLink(link) then
    local first = redis.call('SET', KEYS[6], '1', 'NX', 'PX', ARGV[8])
    return {'miss', openFence(), first and 'fill' or 'wait'}
  end
  if now >= tonumber(link[7]) then
    redis.call('HSET', KEYS[1], 'refreshAt', string.format('%.0f', now + tonumber(ARGV[7])))
    refresh = openFence()
  end
end

local tenant, target, fallback = link[1], link[2], link[6]
if tenant == '' then return {'unknown', '', refresh} end
if link[4] ~= '' and now >= tonumber(link[4]) then return {'closed', fallback, refresh} end
if now < tonumber(link[3]) then return {'early', fallback, refresh} end
if link[5] ~= '' and scansSoFar() >= tonumber(link[5]) then
  return {'closed', fallback, refresh}
end

if counted then
  increment(KEYS[2])
  if increment(KEYS[3]) == 1 then redis.call('EXPIRE', KEYS[3], ARGV[6]) end
end
if mode ~= 'peek' then
  redis.call('XADD', KEYS[4], '*', 'event', event, 'tenant', tenant, 'target', target)
end
return {'open', target, refresh}`,
);
