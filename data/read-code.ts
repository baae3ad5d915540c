import type { CodeCounts, StoredCode } from "../core/code/qr-code.ts";
import { NotFound } from "../core/errors.ts";
import { utcDate } from "../core/utc-date.ts";
import { findCode } from "./postgres/read-codes.ts";
import { CACHE_TTL, CacheKeys } from "./redis/keys.ts";
import { type LeastCount, raiseCounters } from "./redis/raise-counters.ts";
import type { Stores } from "./stores.ts";

export interface ReadCode {
  code: StoredCode;
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
  const { cache, db } = stores;
  const date = utcDate(stores.now());
  const lookup = await cache.readCode(tenantId, qrId, date);
  if (lookup.result === "hit") {
    stores.metrics.add("CacheHit");
    if (!lookup.value) throw new NotFound(qrId);
    return { code: lookup.value, counts: lookup.counts, source: "redis", cached: true };
  }
  stores.metrics.add("CacheMiss");
  const found = await findCode(db, tenantId, qrId, date);
  const key = CacheKeys.code(tenantId, qrId);
  let filled = false;
  if (lookup.result === "miss") {
    const ttl = found ? stores.lifetimes.code : CACHE_TTL.unknown;
    filled = await cache.setCache(key, found?.code ?? null, ttl, lookup.fence);
    if (!filled) stores.metrics.add("FillRefused");
  }
  if (!found) throw new NotFound(qrId);
  const { code, counts: durable } = found;
  if (lookup.result !== "miss") return { code, counts: durable, source: "postgres", cached: false };
  const guard = { key, token: lookup.fence };
  const low: LeastCount[] = [];
  if (lookup.counts.scans < durable.scans) low.push({ qrId, day: null, scans: durable.scans, guard });
  if (lookup.counts.today < durable.today) low.push({ qrId, day: date, scans: durable.today, guard });
  // A fence that moved would refuse it as well, and a Redis that just failed is not asked again.
  if (filled) await raiseCounters(stores.redis, low);
  return { code, counts: larger(lookup.counts, durable), source: "redis", cached: false };
}

function larger(live: CodeCounts, durable: CodeCounts): CodeCounts {
  return { scans: Math.max(live.scans, durable.scans), today: Math.max(live.today, durable.today) };
}
