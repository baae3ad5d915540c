import type { CodeCounts, StoredCode } from "../core/code/qr-code.ts";
import { type ReplyText, textOfCode } from "../core/code/reply-text.ts";
import { NotFound } from "../core/errors.ts";
import { utcDate } from "../core/utc-date.ts";
import { findCode } from "./postgres/read-codes.ts";
import { healCounters, healed } from "./redis/heal-counters.ts";
import { CACHE_TTL, CacheKeys } from "./redis/keys.ts";
import { readThrough } from "./redis/read-through.ts";
import { codeEntry, codeIn, parseCodeEntry } from "./redis/reply-entry.ts";
import type { Stores } from "./stores.ts";

export interface ReadCode {
  /** The code, ready for a reply. */
  reply: ReplyText;
  /** The code itself: a cached one is parsed when it is first asked for. */
  readonly code: StoredCode;
  counts: CodeCounts;
  /** Where the counts come from: the live counters, or what is persisted if Redis failed. */
  source: "redis" | "postgres";
  cached: boolean;
}

/**
 * Reads a tenant's code and its counters: one round trip to Redis if it is cached.
 *
 * @throws NotFound if the tenant has no such code
 */
export async function readCode(stores: Stores, tenantId: string, qrId: string): Promise<ReadCode> {
  const { cache, db, lifetimes, loads, redis, metrics } = stores;
  const key = CacheKeys.code(tenantId, qrId);
  const date = utcDate(stores.now());
  const read = await readThrough(metrics, {
    lookUp: () => cache.readCode(tenantId, qrId, date, parseCodeEntry),
    load: () =>
      loads.run(`${key} ${date}`, async () => {
        const found = await findCode(db, tenantId, qrId, date);
        return found && { ...found, reply: textOfCode(found.code) };
      }),
    fill: (found, { fence }) => {
      const entry = codeEntry(found?.reply ?? null);
      return cache.fillEntry(key, entry, found ? lifetimes.code : CACHE_TTL.unknown, fence);
    },
  });
  if (read.from === "cache") {
    const { value: reply, counts } = read.hit;
    if (!reply) throw new NotFound(qrId);
    return fromCache(reply, counts);
  }
  if (!read.value) throw new NotFound(qrId);
  const { counts: persisted, ...found } = read.value;
  const fresh = { ...found, cached: false };
  if (!read.miss) return { ...fresh, counts: persisted, source: "postgres" };
  const { counts: live, fence } = read.miss;
  // A fence that moved would refuse it as well, and a Redis that just failed is not asked again.
  if (read.fill.result === "filled") {
    const figures = [
      { qrId, day: null, live: live.scans, persisted: persisted.scans },
      { qrId, day: date, live: live.today, persisted: persisted.today },
    ];
    await healCounters(redis, figures, { key, token: fence });
  }
  const counts = {
    scans: healed(live.scans, persisted.scans),
    today: healed(live.today, persisted.today),
  };
  return { ...fresh, counts, source: "redis" };
}

function fromCache(reply: ReplyText, counts: CodeCounts): ReadCode {
  let code: StoredCode | undefined;
  return {
    reply,
    get code() {
      code ??= codeIn(reply);
      return code;
    },
    counts,
    source: "redis",
    cached: true,
  };
}
