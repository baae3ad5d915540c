import { setTimeout as sleep } from "node:timers/promises";
import type { Resource } from "../routes.ts";
import { type GuardedRedis, withBreaker } from "./cache/breaker.ts";
import { type CodeCache, codeCache } from "./cache/code-cache.ts";
import { type LinkCache, linkCache } from "./cache/link-cache.ts";
import type { RedisPort } from "./cache/port.ts";
import { type Env, EnvironmentError, processEnv, readEnv, required } from "./env.ts";
import { withSecrets } from "./secrets.ts";
import { connectionOf } from "./store/connection.ts";
import type { Db } from "./store/db.ts";
import { createLog, describeError, type Log } from "./telemetry/log.ts";
import { type Metrics, noMetrics } from "./telemetry/metrics.ts";

/** What the use cases work with. One per process. */
export interface Services {
  env: Env;
  db: Db;
  redis: GuardedRedis;
  cache: CodeCache;
  links: LinkCache;
  log: Log;
  metrics: Metrics;
  /** Unix ms. */
  now(): number;
  /** Waits for so many milliseconds. */
  sleep(ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface ServiceOverrides {
  redis?: RedisPort;
  db?: Db;
  log?: Log;
  metrics?: Metrics;
  now?: () => number;
  sleep?: (ms: number) => Promise<void>;
}

/**
 * Wires what a function uses.
 *
 * @throws EnvironmentError if its environment lacks something
 */
export async function createServices(
  uses: readonly Resource[],
  overrides: ServiceOverrides = {},
): Promise<Services> {
  return servicesFrom(readEnv(uses, await withSecrets(uses, processEnv)), overrides);
}

/** Wires services from variables that were already read. */
export async function servicesFrom(env: Env, overrides: ServiceOverrides = {}): Promise<Services> {
  const log = overrides.log ?? createLog(required(env, "LOG_LEVEL"));
  const metrics = overrides.metrics ?? noMetrics;
  const redis = withBreaker(overrides.redis ?? (await connectRedis(env)), log, undefined, metrics);
  const db = overrides.db ?? lazyPostgres(env, log);
  return {
    env,
    db,
    redis,
    cache: codeCache(redis, redis.insistent),
    links: linkCache(redis),
    log,
    metrics,
    now: overrides.now ?? Date.now,
    sleep: overrides.sleep ?? ((ms) => sleep(ms)),
    close: async () => {
      await Promise.all([redis.close(), db.close()]);
    },
  };
}

/**
 * Loads only the client that is configured.
 *
 * @throws EnvironmentError if none is
 */
async function connectRedis(env: Env): Promise<RedisPort> {
  const timeoutMs = Number(required(env, "REDIS_TIMEOUT_MS"));
  if (env.REDIS_URL) {
    const { respRedis } = await import("./cache/resp.ts");
    return respRedis(env.REDIS_URL, timeoutMs);
  }
  if (!env.UPSTASH_REDIS_REST_URL || !env.UPSTASH_REDIS_REST_TOKEN) {
    throw new EnvironmentError(
      "REDIS_URL, or UPSTASH_REDIS_REST_URL with UPSTASH_REDIS_REST_TOKEN, is required",
    );
  }
  const { upstashRedis } = await import("./cache/upstash.ts");
  return upstashRedis(env.UPSTASH_REDIS_REST_URL, env.UPSTASH_REDIS_REST_TOKEN, timeoutMs);
}

/** Loads the driver at the first query, since most scans end in the cache. */
function lazyPostgres(env: Env, log: Log): Db {
  let opened: Promise<Db> | undefined;
  const open = (): Promise<Db> => {
    opened ??= import("./store/postgres.ts").then(({ postgresDb }) =>
      postgresDb(connectionOf(env), {
        poolSize: Number(required(env, "DATABASE_POOL_SIZE")),
        timeoutMs: Number(required(env, "DATABASE_TIMEOUT_MS")),
        onIdleError: (error) =>
          log.warn("an idle database connection broke", { error: describeError(error) }),
      }),
    );
    return opened;
  };
  return {
    read: async (sql, values) => (await open()).read(sql, values),
    write: async (sql, values) => (await open()).write(sql, values),
    transaction: async (work) => (await open()).transaction(work),
    close: async () => (await opened)?.close(),
  };
}
