import type { CodeCounts } from "./cache/code-cache.ts";
import { CACHE_TTL, CacheKeys } from "./cache/keys.ts";
import { NotFound } from "./domain/errors.ts";
import type { StoredCode } from "./domain/qr-code.ts";
import { utcDate } from "./domain/utc-date.ts";
import type { Services } from "./services.ts";
import { findCode } from "./store/read-codes.ts";

export interface ReadCode {
  code: StoredCode;
  /** Absent if Redis failed. */
  counts: CodeCounts | undefined;
  cached: boolean;
}

/**
 * Reads a tenant's code and its counters: one round trip to Redis if it is cached.
 *
 * @throws NotFound if the tenant has no such code
 */
export async function readCode(services: Services, tenantId: string, qrId: string): Promise<ReadCode> {
  const { cache, db } = services;
  const lookup = await cache.readCode(tenantId, qrId, utcDate(services.now()));
  if (lookup.result === "hit") return { code: lookup.value, counts: lookup.counts, cached: true };
  const code = await findCode(db, tenantId, qrId);
  if (!code) throw new NotFound(qrId);
  if (lookup.result !== "miss") return { code, counts: undefined, cached: false };
  await cache.setCache(CacheKeys.code(tenantId, qrId), code, CACHE_TTL.code, lookup.fence);
  return { code, counts: lookup.counts, cached: false };
}
