import { STYLE_ENTRY } from "../../core/ids.ts";

/**
 * Lifetimes in seconds. None is renewed by a read. TTLs cap memory, not staleness: writes invalidate at once, and the
 * relay drops what a restored Redis brings back (restored-cache.ts). Those of `Lifetimes` are defaults: `LIST_TTL_S`,
 * `CODE_TTL_S` and `LINK_TTL_S` set them.
 */
export const CACHE_TTL = {
  list: 300,
  code: 1_800,
  /** As long as the daily counter beside it: a code that is scanned each day costs the database one look a day. */
  link: 86_400,
  /** A look-up that found nothing: short, so that a flood of made-up IDs can't fill the memory. */
  unknown: 60,
  /** The minute in which unknown links are counted, from its first. */
  unknownLinks: 60,
  /** A UTC day, counted from the day's first scan: the key outlives its day and is gone before the next but one. */
  dailyCount: 86_400,
  /** Longer than any reader takes from its miss to its fill. A fill after that is refused, which is safe. */
  fence: 60,
  /**
   * Longer than a writer takes from its mark to its commit: the server ends any statement, and any transaction that waits
   * for its client, after `MAX_DATABASE_TIMEOUT_MS` at most. A writer that dies keeps its keys closed for this long.
   */
  mark: 10,
  /**
   * An API key, or an ID that no key has. A check that began before a revocation which Redis missed may fill it 10 s later,
   * the longest that a request takes: even then it is gone within the minute.
   */
  apiKey: 45,
  health: 60,
} as const;

/** The lifetimes that a deployment may choose, in seconds. */
export type Lifetimes = Record<"list" | "code" | "link", number>;

const PREFIX = "qr-service";

/** Every Redis key of the service. Tenant and code IDs match their patterns, so that none holds a `:` or a `*`. */
export const CacheKeys = {
  /** String, JSON: the tenant's newest codes (`GET /qr` without a query). */
  list: (tenantId: string) => `${PREFIX}:qr-codes:${tenantId}`,
  /** String, JSON: one code. */
  code: (tenantId: string, qrId: string) => `${PREFIX}:qr:${tenantId}:${qrId}`,
  /** String, JSON: the tenant's default style. */
  style: (tenantId: string) => `${PREFIX}:qr:${tenantId}:${STYLE_ENTRY}`,
  /** Integer: scans ever. */
  scanCount: (qrId: string) => `${PREFIX}:scan-count:${qrId}`,
  /** Integer: scans on one UTC day, `date` as `YYYY-MM-DD`. */
  dailyScanCount: (qrId: string, date: string) => `${PREFIX}:scan-count:${qrId}:${date}`,
  /** Hash: what a scan needs to know of a code. */
  link: (qrId: string) => `${PREFIX}:link:${qrId}`,
  /** String, JSON: what a check needs of an API key; its hash, not the key. */
  apiKey: (keyId: string) => `${PREFIX}:api-key:${keyId}`,
  /** String: guards the fill of another key; see `fence.ts`. */
  fence: (guardedKey: string) => `${PREFIX}:fence:${guardedKey.slice(PREFIX.length + 1)}`,
  /** Hash: the writers that are about to change what another key shows, each until when, Unix ms; see `fence.ts`. */
  mark: (guardedKey: string) => `${PREFIX}:mark:${guardedKey.slice(PREFIX.length + 1)}`,
  /** String: held by the one caller who is filling a link. */
  lease: (guardedKey: string) => `${PREFIX}:fence:lease:${guardedKey.slice(PREFIX.length + 1)}`,
  /** Integer: unknown links stored in the current minute. */
  unknownLinks: `${PREFIX}:unknown-links`,
  /** String: written to see whether Redis takes writes. */
  health: `${PREFIX}:health`,
  /** Hash: the servers that are known to hold no old values, by their run IDs; see `restored-cache.ts`. */
  runs: `${PREFIX}:runs`,
  /** String: which run of the relay publishes; see `relay-lease.ts`. */
  relayLease: `${PREFIX}:relay-lease`,
  /** Stream: scan events that are not yet in Kafka. */
  outbox: `${PREFIX}:outbox`,
} as const;

/**
 * Patterns of everything cached, in the order in which it may be dropped. Fences first: a reader about to fill an entry
 * read the database before the drop, and must not fill after it. Marks stay: those of active writers must, and the
 * others expire.
 */
export const CACHED_KEYS = [
  CacheKeys.fence(`${PREFIX}:*`),
  CacheKeys.list("*"),
  CacheKeys.code("*", "*"),
  CacheKeys.link("*"),
  CacheKeys.apiKey("*"),
] as const;
