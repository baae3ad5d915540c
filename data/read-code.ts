import type { CodeCounts, StoredCode } from "../core/code/qr-code.ts";
import { NotFound } from "../core/errors.ts";
import { utcDate } from "../core/utc-date.ts";
import { findCode } from "./postgres/read-codes.ts";
import { healCounters, healed } from "./redis/heal-counters.ts";
import { CACHE_TTL, CacheKeys } from "./redis/keys.ts";
import { readThrough } from "./redis/read-through.ts";
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
  const { cache, db, lifetimes, loads, redis, metrics } = stores;
  const key = CacheKeys.code(tenantId, qrId);
  const date = utcDate(stores.now());
  const read = await readThrough(metrics, {
    lookUp: () => cache.readCode(tenantId, qrId, date),
    load: () => loads.run(`${key} ${date}`, () => findCode(db, tenantId, qrId, date)),
    fill: (found, { fence }) =>
      cache.fillCache(key, found?.code ?? null, found ? lifetimes.code : CACHE_TTL.unknown, fence),
  });
  if (read.from === "cache") {
    const { value: code, counts } = read.hit;
    if (!code) throw new NotFound(qrId);
    return { code, counts, source: "redis", cached: true };
  }
  if (!read.value) throw new NotFound(qrId);
  const { code, counts: persisted } = read.value;
  if (!read.miss) return { code, counts: persisted, source: "postgres", cached: false };
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
  return { code, counts, source: "redis", cached: false };
}
