import type { Kind } from "../../core/code/fields.ts";
import { type CodeCounts, FIELDS, type StoredCode } from "../../core/code/qr-code.ts";
import { DAY_MS, utcDate } from "../../core/utc-date.ts";
import { asResult } from "./as-result.ts";
import { type CacheHelpers, cacheHelpers, missed, parseCount, parseEntry } from "./cache-helpers.ts";
import { close, invalidate } from "./fence.ts";
import { CacheKeys } from "./keys.ts";
import { listOf, type RedisFailureReason, type RedisPort } from "./port.ts";
import type { Miss } from "./read-through.ts";

/** The first page of a tenant's list, without the counts, which are always read live. */
export interface ListPage {
  codes: StoredCode[];
  nextCursor: string | null;
}

/** A code (null: the tenant has none of that ID) and its counters, read in one round trip; a miss has them too. */
export type CodeLookup =
  | { result: "hit"; value: StoredCode | null; counts: CodeCounts }
  | (Miss & { counts: CodeCounts })
  | { result: RedisFailureReason };

/** The change of a code that the cache must forget. */
export interface CodeChange {
  /** Of its pending invalidation; names its mark, so that whoever replays the one takes the other away. */
  id: number;
  tenantId: string;
  qrId: string;
  /** A deleted code loses its counters too. */
  deleted: boolean;
}

export interface CodeCache extends CacheHelpers {
  /** Reads a code, its scans and its scans on `date` (`YYYY-MM-DD`, UTC) in one round trip. */
  readCode(tenantId: string, qrId: string, date: string): Promise<CodeLookup>;

  /** The live scans of many codes in one round trip, in order; `undefined` if Redis failed. */
  readScans(qrIds: string[]): Promise<number[] | undefined>;

  /**
   * Forgets all that is cached of a code and closes its keys, atomically and in one round trip, before a change of it is
   * committed: until `forget`, what is read of it comes from the database.
   */
  close(change: CodeChange): Promise<{ result: "closed" } | { result: RedisFailureReason }>;

  /**
   * Forgets all that is cached of a code after a change and opens its keys again, atomically and in one round trip. Returns
   * whether Redis confirmed it.
   *
   * @param now Unix ms; of a deleted code's daily counters only today's and yesterday's can be alive
   */
  forget(change: CodeChange, now: number): Promise<boolean>;
}

/** @param bypassBreaker closes and invalidates: a Redis that is tried even while the breaker is open */
export function codeCache(redis: RedisPort, bypassBreaker: RedisPort = redis): CodeCache {
  return {
    ...cacheHelpers(redis),

    async readCode(tenantId, qrId, date) {
      const key = CacheKeys.code(tenantId, qrId);
      return asResult(async (): Promise<CodeLookup> => {
        const counters = [CacheKeys.scanCount(qrId), CacheKeys.dailyScanCount(qrId, date)];
        const [entry, scans, today] = listOf(await redis.command("MGET", key, ...counters), 3);
        const counts = { scans: parseCount(scans), today: parseCount(today) };
        const value = parseEntry(entry, isCodeEntry);
        if (value === undefined) return { ...(await missed(redis, key)), counts };
        return { result: "hit", value, counts };
      });
    },

    async readScans(qrIds) {
      if (qrIds.length === 0) return [];
      const counts = await asResult(async () => {
        const replies = await redis.command("MGET", ...qrIds.map(CacheKeys.scanCount));
        return listOf(replies, qrIds.length).map(parseCount);
      });
      return Array.isArray(counts) ? counts : undefined;
    },

    close: (change) =>
      asResult(async () => {
        await close(bypassBreaker, guardedBy(change), String(change.id));
        return { result: "closed" } as const;
      }),

    async forget(change, now) {
      const counters = change.deleted ? countersOf(change.qrId, now) : [];
      const confirmed = await asResult(async () => {
        await invalidate(bypassBreaker, guardedBy(change), counters, String(change.id));
        return true;
      });
      return confirmed === true;
    },
  };
}

/** The keys that show a code. */
function guardedBy({ tenantId, qrId }: CodeChange): string[] {
  return [CacheKeys.list(tenantId), CacheKeys.code(tenantId, qrId), CacheKeys.link(qrId)];
}

function countersOf(qrId: string, now: number): string[] {
  const days = [now, now - DAY_MS].map((day) => CacheKeys.dailyScanCount(qrId, utcDate(day)));
  return [CacheKeys.scanCount(qrId), ...days];
}

const isText = (value: unknown) => typeof value === "string";
const isTextOrNull = (value: unknown) => value === null || isText(value);

/** Whether a value has the type of its kind. Its bounds were checked when it was set, perhaps by other rules. */
const HAS_TYPE: Record<Kind, (value: unknown) => boolean> = {
  id: isText,
  text: isText,
  texts: (value) => Array.isArray(value) && value.every(isText),
  choice: isText,
  instant: isText,
  integer: (value) => typeof value === "number",
  url: isText,
};

const MEMBERS = FIELDS.map(([name, field]) => [name, HAS_TYPE[field.kind], field.default === null] as const);

/** What another version of the service, or somebody else, may have written is a miss. */
export function isStoredCode(value: unknown): value is StoredCode {
  if (typeof value !== "object" || value === null) return false;
  const members = value as Record<string, unknown>;
  return MEMBERS.every(
    ([name, hasType, nullable]) => (nullable && members[name] === null) || hasType(members[name]),
  );
}

/** `null` is a look-up that found nothing. */
function isCodeEntry(value: unknown): value is StoredCode | null {
  return value === null || isStoredCode(value);
}

export function isListPage(value: unknown): value is ListPage {
  if (typeof value !== "object" || value === null) return false;
  const { codes, nextCursor } = value as Record<string, unknown>;
  return Array.isArray(codes) && codes.every(isStoredCode) && isTextOrNull(nextCursor);
}
