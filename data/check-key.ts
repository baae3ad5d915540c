import { type PresentedKey, sameHash } from "../core/auth/api-key.ts";
import type { Caller } from "../core/auth/caller.ts";
import type { CheckedKey } from "../core/auth/stored-key.ts";
import { noMetrics } from "../core/telemetry/metrics.ts";
import { warnOncePerMinute } from "../core/telemetry/repeated-warning.ts";
import { findKey, noteKeyUse } from "./postgres/api-keys.ts";
import { isCheckedKey } from "./redis/checked-key.ts";
import { CACHE_TTL, CacheKeys } from "./redis/keys.ts";
import { readThrough } from "./redis/read-through.ts";
import type { Stores } from "./stores.ts";

const MINUTE_MS = 60_000;

/** Compared with where there is no key, so that an ID that nobody has takes as long as one with another secret. */
const NO_HASH = "0".repeat(64);

/**
 * Checks a presented key: one Redis command if it was used within the last minute; no process keeps any, so that a key
 * is refused everywhere from the answer to its revocation on.
 *
 * @returns `undefined` if it is unknown, revoked or expired, or has another secret
 * @throws Unavailable if neither Redis nor the database can tell
 */
export async function checkKey(stores: Stores, presented: PresentedKey): Promise<Caller | undefined> {
  const { cache, db, loads } = stores;
  const { keyId, hash } = presented;
  const cacheKey = CacheKeys.apiKey(keyId);
  const now = stores.now();
  const minute = now - (now % MINUTE_MS);
  const isGood = (key: CheckedKey | null) =>
    sameHash(key?.hash ?? NO_HASH, hash) && key !== null && (key.expiresAt === null || key.expiresAt > now);
  // The rates of hits that are watched are those of what callers ask for.
  const read = await readThrough(noMetrics, {
    lookUp: () => cache.getCache(cacheKey, isCheckedKey),
    load: () => loads.run(cacheKey, () => findKey(db, keyId)),
    // Whoever loads a key to use it notes that: the others of this minute need not.
    fill: (key, { fence }) =>
      cache.fillCache(
        cacheKey,
        key && isGood(key) ? { ...key, lastUsedAt: minute } : key,
        CACHE_TTL.apiKey,
        fence,
      ),
  });
  const key = read.from === "cache" ? read.hit.value : read.value;
  if (!key || !isGood(key)) return undefined;
  // A cached key says when it was loaded to be used, at most a minute ago. One that somebody loaded who did not have
  // its secret says an earlier time.
  const notedSince = read.from === "cache" ? minute - MINUTE_MS : minute;
  if ((key.lastUsedAt ?? 0) < notedSince) await note(stores, keyId, minute);
  const { tenantId, name, scopes } = key;
  return { actor: { type: "key", id: keyId, name }, scopes, tenants: [tenantId] };
}

/** A use that can't be noted is no reason to refuse it. */
async function note({ db, log }: Stores, keyId: string, minute: number): Promise<void> {
  try {
    await noteKeyUse(db, keyId, minute);
  } catch (error) {
    warnOncePerMinute(log, "the use of a key was not noted", error);
  }
}
