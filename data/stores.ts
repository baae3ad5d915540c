import type { Log } from "../core/telemetry/log.ts";
import type { Metrics } from "../core/telemetry/metrics.ts";
import type { ConfirmedInvalidations } from "./confirmed-invalidations.ts";
import type { Db } from "./postgres/db.ts";
import type { GuardedRedis } from "./redis/breaker.ts";
import type { CodeCache } from "./redis/code-cache.ts";
import type { Lifetimes } from "./redis/keys.ts";
import type { LinkCache } from "./redis/link-cache.ts";
import type { SingleFlight } from "./single-flight.ts";

/** The database and the cache, with what those who use both report to. One per process. */
export interface Stores {
  db: Db;
  redis: GuardedRedis;
  cache: CodeCache;
  links: LinkCache;
  lifetimes: Lifetimes;
  /** What is read from the database after a miss, by the key that missed. */
  loads: SingleFlight;
  /** Where confirmed invalidations are deleted, unless it is at once. */
  confirmed?: ConfirmedInvalidations | undefined;
  log: Log;
  metrics: Metrics;
  /** Unix ms. */
  now(): number;
}
