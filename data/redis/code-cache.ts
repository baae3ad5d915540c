import type { CodeCounts } from "../../core/code/qr-code.ts";
import { STYLE_ENTRY } from "../../core/ids.ts";
import type { PictureStyle } from "../../core/picture/picture-style.ts";
import { DAY_MS, utcDate } from "../../core/utc-date.ts";
import { asResult } from "./as-result.ts";
import {
  type CacheHelpers,
  cacheHelpers,
  type EntryParser,
  type Lookup,
  missed,
  parseCount,
  parseEntry,
} from "./cache-helpers.ts";
import { close, closeEach, invalidate, invalidateEach, type MarkedKey } from "./fence.ts";
import { CacheKeys } from "./keys.ts";
import { listOf, type RedisFailureReason, type RedisPort } from "./port.ts";
import type { Miss } from "./read-through.ts";

/** A code's entry and its counters, read in one round trip; a miss has them too. */
export type CodeLookup<T> =
  | { result: "hit"; value: T; counts: CodeCounts }
  | (Miss & { counts: CodeCounts })
  | { result: RedisFailureReason };

/** A tenant's default style as it is cached: `null` for none. */
export interface StyleEntry {
  style: PictureStyle | null;
}

/** A code and its tenant's default style, read in one round trip; of each, whether it was there. */
export type PicturedLookup<T> =
  | { result: "read"; code: T | undefined; style: StyleEntry | undefined }
  | { result: RedisFailureReason };

/** A change to a code, whose old value must leave the cache. */
export interface CodeChange {
  /** Unique to it: by this it closes keys, and opens them again. */
  mark: string;
  tenantId: string;
  /** `STYLE_ENTRY` if it is the tenant's default style that changes. */
  qrId: string;
  /** A deleted code loses its counters too. */
  deleted: boolean;
}

/** A tenant's list, and the changes by whose marks it is closed. */
export interface ClosedList {
  tenantId: string;
  marks: readonly string[];
}

/** Whether keys are closed, or how Redis failed. */
export type Closed = { result: "closed" } | { result: RedisFailureReason };

export interface CodeCache extends CacheHelpers {
  /** Reads a code's entry, its scans and its scans on `date` (`YYYY-MM-DD`, UTC) in one round trip. */
  readCode<T>(tenantId: string, qrId: string, date: string, parse: EntryParser<T>): Promise<CodeLookup<T>>;

  /** Reads a code and its tenant's default style in one round trip. It opens no fence. */
  readPictured<T>(tenantId: string, qrId: string, parse: EntryParser<T>): Promise<PicturedLookup<T>>;

  /** Opens the fence of a key that was not found. */
  openFence(key: string): Promise<Miss | { result: RedisFailureReason }>;

  /** Reads a tenant's default style, as `getCache` does it. */
  readStyle(tenantId: string): Promise<Lookup<StyleEntry>>;

  /**
   * The live scans of many codes in one round trip, in order; `undefined` if Redis failed.
   *
   * @param date a UTC day, `YYYY-MM-DD`: their scans on it follow, in the same order
   */
  readScans(qrIds: string[], date?: string): Promise<number[] | undefined>;

  /**
   * Drops everything cached for a code and closes its keys, atomically and in one round trip, before a change to it is
   * committed: until `forget`, reads of it come from the database.
   */
  close(change: CodeChange): Promise<Closed>;

  /**
   * Drops everything cached for a code after a change and reopens its keys, atomically and in one round trip. Returns
   * whether Redis confirmed it.
   *
   * @param now Unix ms; of a deleted code's daily counters only today's and yesterday's can be alive
   */
  forget(change: CodeChange, now: number): Promise<boolean>;

  /** `close` for many codes in one round trip; of the lists only those that are named, each by its first mark. */
  closeMany(changes: readonly CodeChange[], lists: readonly ClosedList[]): Promise<Closed>;

  /** `forget` for many codes in one round trip; of the lists only those that are named. */
  forgetMany(changes: readonly CodeChange[], lists: readonly ClosedList[], now: number): Promise<boolean>;
}

/** @param bypassBreaker closes and invalidates: a Redis that is tried even while the breaker is open */
export function codeCache(redis: RedisPort, bypassBreaker: RedisPort = redis): CodeCache {
  const helpers = cacheHelpers(redis);
  return {
    ...helpers,

    async readCode<T>(tenantId: string, qrId: string, date: string, parse: EntryParser<T>) {
      const key = CacheKeys.code(tenantId, qrId);
      return asResult(async (): Promise<CodeLookup<T>> => {
        const counters = [CacheKeys.scanCount(qrId), CacheKeys.dailyScanCount(qrId, date)];
        const [entry, scans, today] = listOf(await redis.command("MGET", key, ...counters), 3);
        const counts = { scans: parseCount(scans), today: parseCount(today) };
        const value = parseEntry(entry, parse);
        if (value === undefined) return { ...(await missed(redis, key)), counts };
        return { result: "hit", value, counts };
      });
    },

    readPictured: <T>(tenantId: string, qrId: string, parse: EntryParser<T>) =>
      asResult(async (): Promise<PicturedLookup<T>> => {
        const keys = [CacheKeys.code(tenantId, qrId), CacheKeys.style(tenantId)];
        const [code, style] = listOf(await redis.command("MGET", ...keys), 2);
        return {
          result: "read",
          code: parseEntry(code, parse),
          style: parseEntry(style, parseStyleEntry),
        };
      }),

    openFence: (key) => asResult(() => missed(redis, key)),

    readStyle: (tenantId) => helpers.getEntry(CacheKeys.style(tenantId), parseStyleEntry),

    async readScans(qrIds, date) {
      if (qrIds.length === 0) return [];
      const keys = qrIds.map(CacheKeys.scanCount);
      if (date !== undefined) keys.push(...qrIds.map((qrId) => CacheKeys.dailyScanCount(qrId, date)));
      const counts = await asResult(async () =>
        listOf(await redis.command("MGET", ...keys), keys.length).map(parseCount),
      );
      return Array.isArray(counts) ? counts : undefined;
    },

    close: (change) =>
      asResult(async () => {
        await close(bypassBreaker, guardedBy(change), change.mark);
        return { result: "closed" } as const;
      }),

    async forget(change, now) {
      const counters = change.deleted ? countersOf(change.qrId, now) : [];
      const confirmed = await asResult(async () => {
        await invalidate(bypassBreaker, guardedBy(change), counters, change.mark);
        return true;
      });
      return confirmed === true;
    },

    closeMany: (changes, lists) =>
      asResult(async () => {
        await closeEach(bypassBreaker, markedBy(changes, lists));
        return { result: "closed" } as const;
      }),

    async forgetMany(changes, lists, now) {
      const deleted = changes.filter((change) => change.deleted);
      const counters = deleted.flatMap(({ qrId }) => countersOf(qrId, now));
      const confirmed = await asResult(async () => {
        await invalidateEach(bypassBreaker, markedBy(changes, lists), counters);
        return true;
      });
      return confirmed === true;
    },
  };
}

/** The keys that show the codes and are in these lists, with the marks of the changes. */
function markedBy(changes: readonly CodeChange[], lists: readonly ClosedList[]): MarkedKey[] {
  return [
    ...lists.map(({ tenantId, marks }) => ({ key: CacheKeys.list(tenantId), marks })),
    ...changes.flatMap((change) => ownKeysOf(change).map((key) => ({ key, marks: [change.mark] }))),
  ];
}

/** The keys that show a code, or the tenant's default style. */
function guardedBy(change: CodeChange): string[] {
  const own = ownKeysOf(change);
  return change.qrId === STYLE_ENTRY ? own : [CacheKeys.list(change.tenantId), ...own];
}

/** Those of them that show nothing else. */
function ownKeysOf({ tenantId, qrId }: CodeChange): string[] {
  if (qrId === STYLE_ENTRY) return [CacheKeys.style(tenantId)];
  return [CacheKeys.code(tenantId, qrId), CacheKeys.link(qrId)];
}

function countersOf(qrId: string, now: number): string[] {
  const days = [now, now - DAY_MS].map((day) => CacheKeys.dailyScanCount(qrId, utcDate(day)));
  return [CacheKeys.scanCount(qrId), ...days];
}

function isStyleEntry(value: unknown): value is StyleEntry {
  if (typeof value !== "object" || value === null) return false;
  const { style } = value as Record<string, unknown>;
  return style === null || (typeof style === "object" && !Array.isArray(style));
}

function parseStyleEntry(entry: string): StyleEntry | undefined {
  const value: unknown = JSON.parse(entry);
  return isStyleEntry(value) ? value : undefined;
}
