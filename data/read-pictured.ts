import type { StoredCode } from "../core/code/qr-code.ts";
import { textOfCode } from "../core/code/reply-text.ts";
import { NotFound } from "../core/errors.ts";
import type { PictureStyle } from "../core/picture/picture-style.ts";
import { utcDate } from "../core/utc-date.ts";
import { findCode } from "./postgres/read-codes.ts";
import { findTenantStyle } from "./postgres/tenant-styles.ts";
import { CACHE_TTL, CacheKeys } from "./redis/keys.ts";
import { readThrough } from "./redis/read-through.ts";
import { codeEntry, codeIn, parseCodeEntry } from "./redis/reply-entry.ts";
import type { Stores } from "./stores.ts";

/** What a code's picture is drawn of. */
export interface Pictured {
  code: StoredCode;
  /** The default of its tenant. */
  tenantStyle: PictureStyle | null;
}

/**
 * Reads a tenant's code and its default style: one round trip to Redis if both are cached. It needs no counters. A Redis
 * that fails is not asked again.
 *
 * @throws NotFound if the tenant has no such code
 */
export async function readPictured(stores: Stores, tenantId: string, qrId: string): Promise<Pictured> {
  const { cache, lifetimes, metrics } = stores;
  const found = await cache.readPictured(tenantId, qrId, parseCodeEntry);
  if (found.result !== "read") {
    metrics.add("CacheMiss");
    const code = await loadCode(stores, tenantId, qrId);
    if (!code) throw new NotFound(qrId);
    return { code, tenantStyle: await loadStyle(stores, tenantId) };
  }
  if (found.code && found.style) metrics.add("CacheHit");
  const code =
    found.code === undefined
      ? await filled(stores, CacheKeys.code(tenantId, qrId), {
          load: () => loadCode(stores, tenantId, qrId),
          entryOf: (value) => codeEntry(value && textOfCode(value)),
          ttlOf: (value) => (value ? lifetimes.code : CACHE_TTL.unknown),
        })
      : { value: found.code && codeIn(found.code), failed: false };
  if (!code.value) throw new NotFound(qrId);
  if (found.style) return { code: code.value, tenantStyle: found.style.style };
  if (code.failed) return { code: code.value, tenantStyle: await loadStyle(stores, tenantId) };
  const style = await filled(stores, CacheKeys.style(tenantId), {
    load: () => loadStyle(stores, tenantId),
    entryOf: (value) => JSON.stringify({ style: value }),
    ttlOf: () => lifetimes.code,
  });
  return { code: code.value, tenantStyle: style.value };
}

/** Loads what was not found in the cache, and fills it. Says whether Redis failed meanwhile. */
async function filled<T>(
  { cache, metrics }: Stores,
  key: string,
  { load, entryOf, ttlOf }: { load(): Promise<T>; entryOf(value: T): string; ttlOf(value: T): number },
): Promise<{ value: T; failed: boolean }> {
  const read = await readThrough(metrics, {
    lookUp: () => cache.openFence(key),
    load,
    fill: (value, { fence }) => cache.fillEntry(key, entryOf(value), ttlOf(value), fence),
  });
  // There is no hit: it was just looked up.
  if (read.from === "cache") throw new Error("an opened fence is no hit");
  return { value: read.value, failed: read.fill.result === "failed" };
}

async function loadCode(
  { db, loads, now }: Stores,
  tenantId: string,
  qrId: string,
): Promise<StoredCode | null> {
  const date = utcDate(now());
  const found = await loads.run(`${CacheKeys.code(tenantId, qrId)} pictured`, () =>
    findCode(db, tenantId, qrId, date),
  );
  return found?.code ?? null;
}

/** Reads a tenant's default style through the cache; `null` if it has none. */
export async function readTenantStyle(stores: Stores, tenantId: string): Promise<PictureStyle | null> {
  const { cache, lifetimes, metrics } = stores;
  const read = await readThrough(metrics, {
    lookUp: () => cache.readStyle(tenantId),
    load: () => loadStyle(stores, tenantId),
    fill: (style, { fence }) => cache.fillCache(CacheKeys.style(tenantId), { style }, lifetimes.code, fence),
  });
  return read.from === "cache" ? read.hit.value.style : read.value;
}

function loadStyle({ db, loads }: Stores, tenantId: string): Promise<PictureStyle | null> {
  return loads.run(CacheKeys.style(tenantId), () => findTenantStyle(db, tenantId));
}
