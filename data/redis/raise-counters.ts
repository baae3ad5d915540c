import { v7 as uuidv7 } from "uuid";
import { failing } from "./cache-helpers.ts";
import { CACHE_TTL, CacheKeys } from "./keys.ts";
import { LUA_COUNT_OF, luaScript } from "./lua-script.ts";
import type { RedisPort } from "./port.ts";

/** A key that readers fill, and the token that stood in its fence before the database was asked. */
export interface Guard {
  key: string;
  token: string;
}

/** A figure that a counter must not be below. */
export interface LeastCount {
  qrId: string;
  /** `YYYY-MM-DD` (UTC), or null for the total. */
  day: string | null;
  scans: number;
  /** A code that is deleted moves the fence; the counter is then left alone, since it would stay for ever. */
  guard: Guard;
}

/** KEYS fences; ARGV[1] token, ARGV[2] lifetime in seconds. Returns the token that stands in each. */
const OPEN_ALL = luaScript(
  "open-fences",
  `local tokens = {}
for i, key in ipairs(KEYS) do
  tokens[i] = redis.pcall('GET', key)
  if type(tokens[i]) ~= 'string' then
    redis.call('SET', key, ARGV[1], 'EX', ARGV[2])
    tokens[i] = ARGV[1]
  end
end
return tokens`,
);

/**
 * KEYS pairs of fence and counter; ARGV for each pair: token, least value, lifetime in seconds of a counter that
 * has to be made (0: none). A counter that exists keeps its lifetime.
 */
const RAISE = luaScript(
  "raise-counters",
  `${LUA_COUNT_OF}

for i = 1, #KEYS / 2 do
  local counter, least, ttl = KEYS[2 * i], ARGV[3 * i - 1], ARGV[3 * i]
  if redis.call('GET', KEYS[2 * i - 1]) == ARGV[3 * i - 2] then
    local count = redis.pcall('GET', counter)
    if count and (countOf(count) or 0) < tonumber(least) then
      redis.call('SET', counter, least, 'KEEPTTL')
    elseif not count and ttl == '0' then
      redis.call('SET', counter, least)
    elseif not count then
      redis.call('SET', counter, least, 'EX', ttl)
    end
  end
end
return 1`,
);

/** Opens the fences of many keys in one round trip; `undefined` if Redis failed. */
export async function openFences(redis: RedisPort, keys: string[]): Promise<Guard[] | undefined> {
  if (keys.length === 0) return [];
  const fences = keys.map(CacheKeys.fence);
  const tokens = await failing(() => redis.script(OPEN_ALL, fences, [uuidv7(), String(CACHE_TTL.fence)]));
  return Array.isArray(tokens)
    ? keys.map((key, index) => ({ key, token: String(tokens[index]) }))
    : undefined;
}

/** Raises counters to at least the given figures, in one round trip; none if Redis fails. */
export async function raiseCounters(redis: RedisPort, counts: LeastCount[]): Promise<void> {
  if (counts.length === 0) return;
  const keys = counts.flatMap(({ qrId, day, guard }) => [
    CacheKeys.fence(guard.key),
    day === null ? CacheKeys.scanCount(qrId) : CacheKeys.dailyScanCount(qrId, day),
  ]);
  const args = counts.flatMap(({ day, scans, guard }) => [
    guard.token,
    String(scans),
    day === null ? "0" : String(CACHE_TTL.dailyCount),
  ]);
  await failing(() => redis.script(RAISE, keys, args));
}
