import { v7 as uuidv7 } from "uuid";
import { asResult } from "./as-result.ts";
import { CACHE_TTL, CacheKeys } from "./keys.ts";
import { listOf, RedisFailure, type RedisPort } from "./port.ts";
import { FILL, INVALIDATE, OPEN_FENCES } from "./scripts.ts";

/*
 * No stale read after an acknowledged write.
 *
 * A reader that misses opens the key's fence before it asks the database: it stores a token of its own, or takes
 * over the one that stands there. Its fill is accepted only while the fence still holds that token. A writer
 * deletes the key and puts a new token into the fence after its commit, so a reader that may have read the old
 * row comes too late. A fence that expired, was evicted or was lost in a restart refuses the fill as well: the
 * absence of a fence never allows anything.
 *
 * Readers go through `read-through.ts`, writers through `invalidate-after-commit.ts`. The scripts of a scan open and
 * check the fence of a link themselves, by the same included parts.
 */

/** A key that readers fill, and the token that stood in its fence before the database was asked. */
export interface Guard {
  key: string;
  token: string;
}

const FENCE_TTL = String(CACHE_TTL.fence);

/**
 * Opens the fence of `key`: call after a miss and before the database is asked.
 *
 * @param token unique to this reader
 * @returns the token to fill with
 * @throws RedisFailure
 */
export async function openFence(redis: RedisPort, key: string, token: string): Promise<string> {
  const [standing] = await tokensOf(redis, [key], token);
  return String(standing);
}

/** Opens the fences of many keys in one round trip; `undefined` if Redis failed. */
export async function openFences(redis: RedisPort, keys: string[]): Promise<Guard[] | undefined> {
  if (keys.length === 0) return [];
  const tokens = await asResult(() => tokensOf(redis, keys, uuidv7()));
  if (!Array.isArray(tokens)) return undefined;
  return keys.map((key, index) => ({ key, token: String(tokens[index]) }));
}

async function tokensOf(redis: RedisPort, keys: string[], token: string) {
  const args = OPEN_FENCES.args({ token, fenceTtl: FENCE_TTL });
  return listOf(await redis.script(OPEN_FENCES, keys.map(CacheKeys.fence), args), keys.length);
}

/**
 * Stores `value` for `ttl` seconds unless the fence moved since `token` was handed out. Returns whether it is stored.
 *
 * @throws RedisFailure
 */
export async function fencedSet(
  redis: RedisPort,
  key: string,
  value: string,
  ttl: number,
  token: string,
): Promise<boolean> {
  const keys = FILL.keys({ entryKey: key, fenceKey: CacheKeys.fence(key) });
  const reply = await redis.script(FILL, keys, FILL.args({ fence: token, value, entryTtl: String(ttl) }));
  if (reply === 1 || reply === 0) return reply === 1;
  throw new RedisFailure("refused", "a reply of another shape");
}

/**
 * Deletes keys and moves the fences of those that readers fill, atomically and in one round trip.
 *
 * @param guarded keys that readers fill
 * @param plain keys that are only deleted
 * @param token unique to this write
 * @throws RedisFailure
 */
export async function invalidate(
  redis: RedisPort,
  guarded: string[],
  plain: string[],
  token: string,
): Promise<void> {
  const keys = [...guarded, ...plain];
  const args = INVALIDATE.args({ deletions: String(keys.length), token, fenceTtl: FENCE_TTL });
  const reply = await redis.script(INVALIDATE, [...keys, ...guarded.map(CacheKeys.fence)], args);
  if (reply !== 1) throw new RedisFailure("refused", "a reply of another shape");
}
