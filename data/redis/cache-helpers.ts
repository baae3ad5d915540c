import { randomUUID } from "node:crypto";
import { asResult } from "./as-result.ts";
import { fencedSet, isClosed, openFence } from "./fence.ts";
import { listOf, type RedisFailureReason, type RedisPort } from "./port.ts";
import type { FillResult, Miss } from "./read-through.ts";

/** Why there is no value: `miss` carries the fence to fill with, any other result says how Redis failed. */
export type Absent = Miss | { result: RedisFailureReason };

/** What a look-up in the cache found. */
export type Lookup<T> = { result: "hit"; value: T } | Absent;

/** Makes a value of an entry's text, or `undefined` if the text is no such entry. */
export type EntryParser<T> = (entry: string) => T | undefined;

export type CounterRead = { result: "hit"; value: number } | { result: RedisFailureReason };

export interface CacheHelpers {
  /**
   * Reads a JSON entry: one round trip on a hit, one more on a miss, which opens the fence for `fillCache`.
   * A value that is not JSON, or that `accepts` declines, is a miss.
   */
  getCache<T>(key: string, accepts?: (value: unknown) => value is T): Promise<Lookup<T>>;

  /** Reads an entry by a parser of its own; likewise one that it returns `undefined` for, or throws at, is a miss. */
  getEntry<T>(key: string, parse: EntryParser<T>): Promise<Lookup<T>>;

  /**
   * Stores a JSON entry for `ttl` seconds, whatever stands there. Returns whether Redis confirmed it. What a reader
   * loaded from the database goes through `fillCache` instead.
   */
  setCache(key: string, value: unknown, ttl: number): Promise<boolean>;

  /**
   * Stores a JSON entry for `ttl` seconds, unless the key was closed at the miss that returned `fence`, which costs no round
   * trip, or was closed or invalidated since.
   */
  fillCache(key: string, value: unknown, ttl: number, fence: string): Promise<{ result: FillResult }>;

  /** Stores an entry's text by the rules of `fillCache`. */
  fillEntry(key: string, entry: string, ttl: number, fence: string): Promise<{ result: FillResult }>;

  /**
   * Deletes a key, or every key that matches a pattern with `*`, `?` or `[…]` and has been there throughout (by SCAN).
   * Returns how many, or `undefined` if Redis failed meanwhile.
   */
  deleteCache(keyOrPattern: string): Promise<number | undefined>;

  /** Adds one and returns the new value, or `undefined` if Redis failed. A new counter lives `ttl` seconds. */
  incrementCounter(key: string, ttl?: number): Promise<number | undefined>;

  /** Reads a counter; one that is absent or holds no number is 0. */
  getCounter(key: string): Promise<CounterRead>;
}

/** The cache helpers over one Redis. None of them throws when Redis fails: the result says what happened. */
export function cacheHelpers(redis: RedisPort): CacheHelpers {
  return {
    getCache: <T>(key: string, accepts: (value: unknown) => value is T = acceptAny) =>
      getEntry(redis, key, (entry) => {
        const value: unknown = JSON.parse(entry);
        return accepts(value) ? value : undefined;
      }),

    getEntry: (key, parse) => getEntry(redis, key, parse),

    async setCache(key, value, ttl) {
      const reply = await asResult(() => redis.command("SET", key, JSON.stringify(value), "EX", String(ttl)));
      return reply === "OK";
    },

    fillCache: (key, value, ttl, fence) => fillEntry(redis, key, JSON.stringify(value), ttl, fence),

    fillEntry: (key, entry, ttl, fence) => fillEntry(redis, key, entry, ttl, fence),

    async deleteCache(keyOrPattern) {
      const deleted = await asResult(() =>
        /[*?[]/.test(keyOrPattern) ? deleteMatching(redis, keyOrPattern) : deleteKeys(redis, [keyOrPattern]),
      );
      return typeof deleted === "number" ? deleted : undefined;
    },

    async incrementCounter(key, ttl) {
      const count = await asResult(async () => {
        const value = Number(await redis.command("INCR", key));
        if (value === 1 && ttl !== undefined) await redis.command("EXPIRE", key, String(ttl));
        return value;
      });
      return typeof count === "number" ? count : undefined;
    },

    async getCounter(key) {
      return asResult(async (): Promise<CounterRead> => {
        return { result: "hit", value: parseCount(await redis.command("GET", key)) };
      });
    },
  };
}

async function getEntry<T>(redis: RedisPort, key: string, parse: EntryParser<T>): Promise<Lookup<T>> {
  return asResult(async (): Promise<Lookup<T>> => {
    // MGET rather than GET: a key of another type is then a miss, not an error.
    const [entry] = listOf(await redis.command("MGET", key), 1);
    const value = parseEntry(entry, parse);
    return value === undefined ? await missed(redis, key) : { result: "hit", value };
  });
}

async function fillEntry(redis: RedisPort, key: string, entry: string, ttl: number, fence: string) {
  if (isClosed(fence)) return { result: "refused" } as const;
  const stored = await asResult(() => fencedSet(redis, key, entry, ttl, fence));
  if (typeof stored !== "boolean") return { result: "failed" } as const;
  return { result: stored ? "filled" : "refused" } as const;
}

/** The entry's value, or `undefined` if there is none that can be used. */
export function parseEntry<T>(reply: unknown, parse: EntryParser<T>): T | undefined {
  if (typeof reply !== "string") return undefined;
  try {
    return parse(reply);
  } catch {
    return undefined;
  }
}

/** What a counter says: 0 if there is none, or if it holds something else. */
export function parseCount(reply: unknown): number {
  return typeof reply === "string" && /^\d{1,15}$/.test(reply) ? Number(reply) : 0;
}

/** Opens the fence of a key that was not found. */
export async function missed(redis: RedisPort, key: string): Promise<Miss> {
  return { result: "miss", fence: await openFence(redis, key, randomUUID()) };
}

function acceptAny<T>(_value: unknown): _value is T {
  return true;
}

async function deleteKeys(redis: RedisPort, keys: string[]): Promise<number> {
  return keys.length === 0 ? 0 : Number(await redis.command("UNLINK", ...keys));
}

async function deleteMatching(redis: RedisPort, pattern: string): Promise<number> {
  let deleted = 0;
  let cursor = "0";
  do {
    const [next, keys] = (await redis.command("SCAN", cursor, "MATCH", pattern, "COUNT", "1000")) as [
      string,
      string[],
    ];
    deleted += await deleteKeys(redis, keys);
    cursor = next;
  } while (cursor !== "0");
  return deleted;
}
