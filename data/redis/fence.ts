import { randomUUID } from "node:crypto";
import { asResult } from "./as-result.ts";
import { CACHE_TTL, CacheKeys } from "./keys.ts";
import { listOf, RedisFailure, type RedisPort } from "./port.ts";
import { CLOSE, FILL, INVALIDATE, OPEN_FENCES } from "./scripts.ts";

/*
 * What stands in the cache is what the database holds, at every moment; so each code is a linearizable register.
 *
 * A reader that misses opens the key's fence before it asks the database: it stores a token of its own, or takes over the
 * one that stands there. Its fill is accepted only while the fence still holds that token.
 *
 * A writer closes the keys before its commit: it deletes them and their fences, so that a reader of the old row comes
 * too late, and sets a mark of its own on each. While a mark stands, readers get a token that allows no fill: what is
 * committed by then, only the database knows. After the commit the writer invalidates: it moves the fences and takes its
 * marks away. Several writers may close a key; it is open again when none of their marks stands. A writer that does not
 * know whether its change was committed leaves its marks to expire.
 *
 * A fence that expired, was evicted or was lost in a restart refuses the fill as well: the absence of a fence never allows
 * anything. A mark that is lost before its time, with a Redis that loses what it confirmed, opens its key too early: until
 * the invalidation, readers may then see the new value and after it the old one.
 *
 * Readers go through `read-through.ts`, writers through `commit-change.ts`. The scripts of a scan open and check the fence
 * of a link themselves, by the same included parts.
 */

/** A key that readers fill, and the token that stood in its fence before the database was asked. */
export interface Guard {
  key: string;
  token: string;
}

const FENCE_TTL = String(CACHE_TTL.fence);
const MARK_MS = String(CACHE_TTL.mark * 1_000);

/** Whether a token was handed out while its key was closed. `open-fence.lua` makes it so. */
export const isClosed = (token: string) => token.startsWith("~");

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
  const tokens = await asResult(() => tokensOf(redis, keys, randomUUID()));
  if (!Array.isArray(tokens)) return undefined;
  return keys.map((key, index) => ({ key, token: String(tokens[index]) }));
}

async function tokensOf(redis: RedisPort, keys: string[], token: string) {
  const args = OPEN_FENCES.args({ token, fenceTtl: FENCE_TTL });
  const fencesAndMarks = [...keys.map(CacheKeys.fence), ...keys.map(CacheKeys.mark)];
  return listOf(await redis.script(OPEN_FENCES, fencesAndMarks, args), keys.length);
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

/** A key that readers fill, and the marks by which changes close it. None holds a comma or a space. */
export interface MarkedKey {
  key: string;
  marks: readonly string[];
}

/**
 * Deletes keys that readers fill, and closes them until `invalidate` takes the mark away, at most `CACHE_TTL.mark` seconds;
 * atomically and in one round trip. Call before the change is committed.
 *
 * @param mark unique to this change
 * @throws RedisFailure
 */
export async function close(redis: RedisPort, guarded: string[], mark: string): Promise<void> {
  await closeEach(
    redis,
    guarded.map((key) => ({ key, marks: [mark] })),
  );
}

/** The same by a mark for each key, its first. */
export async function closeEach(redis: RedisPort, guarded: readonly MarkedKey[]): Promise<void> {
  const marks = guarded.map((key) => key.marks[0]).join(",");
  const reply = await redis.script(CLOSE, guardKeys(guarded), CLOSE.args({ marks, lifetime: MARK_MS }));
  if (reply !== 1) throw new RedisFailure("refused", "a reply of another shape");
}

/**
 * Deletes keys, moves the fences of those that readers fill and takes a change's mark from them, atomically and in one
 * round trip. Call after the change was committed.
 *
 * @param guarded keys that readers fill
 * @param plain keys that are only deleted
 * @param mark the one by which the change closed the keys
 * @param token unique to this write
 * @throws RedisFailure
 */
export async function invalidate(
  redis: RedisPort,
  guarded: string[],
  plain: string[],
  mark: string,
  token?: string,
): Promise<void> {
  const marked = guarded.map((key) => ({ key, marks: [mark] }));
  await invalidateEach(redis, marked, plain, token);
}

/** The same by marks for each key. */
export async function invalidateEach(
  redis: RedisPort,
  guarded: readonly MarkedKey[],
  plain: string[],
  token: string = randomUUID(),
): Promise<void> {
  const marks = guarded.map((key) => key.marks.join(" ")).join(",");
  const args = INVALIDATE.args({ guarded: String(guarded.length), marks, token, fenceTtl: FENCE_TTL });
  const reply = await redis.script(INVALIDATE, [...guardKeys(guarded), ...plain], args);
  if (reply !== 1) throw new RedisFailure("refused", "a reply of another shape");
}

/** The keys, then their fences, then their marks. */
function guardKeys(guarded: readonly MarkedKey[]): string[] {
  const keys = guarded.map(({ key }) => key);
  return [...keys, ...keys.map(CacheKeys.fence), ...keys.map(CacheKeys.mark)];
}
