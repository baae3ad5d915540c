import { CACHE_TTL, CacheKeys } from "./keys.ts";
import { luaScript } from "./lua-script.ts";
import { RedisFailure, type RedisPort } from "./port.ts";

/*
 * No stale read after an acknowledged write.
 *
 * A reader that misses opens the key's fence before it asks the database: it stores a token of its own, or takes
 * over the one that stands there. Its fill is accepted only while the fence still holds that token. A writer
 * deletes the key and puts a new token into the fence after its commit, so a reader that may have read the old
 * row comes too late. A fence that expired, was evicted or was lost in a restart refuses the fill as well: the
 * absence of a fence never allows anything.
 */

/** KEYS[1] fence; ARGV[1] token, ARGV[2] lifetime in seconds. Returns the token that guards the key now. */
const OPEN = luaScript(
  "open-fence",
  `local standing = redis.pcall('GET', KEYS[1])
if type(standing) == 'string' then return standing end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return ARGV[1]`,
);

/** KEYS[1] entry, KEYS[2] fence; ARGV[1] token, ARGV[2] value, ARGV[3] lifetime in seconds. Returns 1 if stored. */
const FILL = luaScript(
  "fill",
  `if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`,
);

/** KEYS keys to delete, then fences; ARGV[1] how many keys to delete, ARGV[2] token, ARGV[3] lifetime in seconds. */
const INVALIDATE = luaScript(
  "invalidate",
  `local keys = tonumber(ARGV[1])
for i = 1, keys do redis.call('DEL', KEYS[i]) end
for i = keys + 1, #KEYS do redis.call('SET', KEYS[i], ARGV[2], 'EX', ARGV[3]) end
return 1`,
);

const FENCE_TTL = String(CACHE_TTL.fence);

/**
 * Opens the fence of `key`: call after a miss and before the database is asked.
 *
 * @param token unique to this reader
 * @returns the token to fill with
 */
export async function openFence(redis: RedisPort, key: string, token: string): Promise<string> {
  return String(await redis.script(OPEN, [CacheKeys.fence(key)], [token, FENCE_TTL]));
}

/** Stores `value` for `ttl` seconds unless the fence moved since `token` was handed out; says whether it did. */
export async function fencedSet(
  redis: RedisPort,
  key: string,
  value: string,
  ttl: number,
  token: string,
): Promise<boolean> {
  return (await redis.script(FILL, [key, CacheKeys.fence(key)], [token, value, String(ttl)])) === 1;
}

/**
 * Deletes keys and moves the fences of those that readers fill, atomically and in one round trip.
 *
 * @param guarded keys that readers fill
 * @param plain keys that are only deleted
 * @param token unique to this write
 */
export async function invalidate(
  redis: RedisPort,
  guarded: string[],
  plain: string[],
  token: string,
): Promise<void> {
  const keys = [...guarded, ...plain];
  const fences = guarded.map(CacheKeys.fence);
  const reply = await redis.script(INVALIDATE, [...keys, ...fences], [String(keys.length), token, FENCE_TTL]);
  if (reply !== 1) throw new RedisFailure("refused", "a reply of another shape");
}
