import type { StoredCode } from "../core/code/qr-code.ts";
import { NotFound } from "../core/errors.ts";
import type { PictureStyle } from "../core/picture/picture-style.ts";
import { utcDate } from "../core/utc-date.ts";
import { findCode } from "./postgres/read-codes.ts";
import { findTenantStyle } from "./postgres/tenant-styles.ts";
import { readCode } from "./read-code.ts";
import { CacheKeys } from "./redis/keys.ts";
import { readThrough } from "./redis/read-through.ts";
import { codeIn } from "./redis/reply-entry.ts";
import type { Stores } from "./stores.ts";

/** What a code's picture is drawn of. */
export interface Pictured {
  code: StoredCode;
  /** The default of its tenant. */
  tenantStyle: PictureStyle | null;
}

/**
 * Reads a tenant's code and its default style: one round trip to Redis if both are cached.
 *
 * @throws NotFound if the tenant has no such code
 */
export async function readPictured(stores: Stores, tenantId: string, qrId: string): Promise<Pictured> {
  const { cache, db, loads, metrics, now } = stores;
  const found = await cache.readPictured(tenantId, qrId);
  if (found.result !== "read") {
    // A Redis that just failed is not asked again.
    metrics.add("CacheMiss");
    const date = utcDate(now());
    const key = `${CacheKeys.code(tenantId, qrId)} ${date}`;
    const row = await loads.run(key, () => findCode(db, tenantId, qrId, date));
    if (!row) throw new NotFound(qrId);
    return { code: row.code, tenantStyle: await loadStyle(stores, tenantId) };
  }
  if (found.code === null) throw new NotFound(qrId);
  if (found.code && found.style) metrics.add("CacheHit");
  const code = found.code ? codeIn(found.code) : (await readCode(stores, tenantId, qrId)).code;
  const style = found.style?.style;
  return { code, tenantStyle: style === undefined ? await readTenantStyle(stores, tenantId) : style };
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
