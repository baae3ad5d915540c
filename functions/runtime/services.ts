import { setTimeout as sleep } from "node:timers/promises";
import type { IssuerKeys } from "../../core/auth/issuer-keys.ts";
import type { Drawing, RedrawLogo } from "../../core/picture/drawing.ts";
import type { SheetDrawing } from "../../core/sheet/sheet-drawing.ts";
import type { EventLoopDelay } from "../../core/telemetry/event-loop-delay.ts";
import type { Log } from "../../core/telemetry/log.ts";
import { type Metrics, noMetrics } from "../../core/telemetry/metrics.ts";
import { noTraces, type Traces } from "../../core/telemetry/traces.ts";
import type { Db } from "../../data/postgres/db.ts";
import { withBreaker } from "../../data/redis/breaker.ts";
import { codeCache } from "../../data/redis/code-cache.ts";
import type { Lifetimes } from "../../data/redis/keys.ts";
import { linkCache } from "../../data/redis/link-cache.ts";
import type { RedisPort } from "../../data/redis/port.ts";
import { singleFlight } from "../../data/single-flight.ts";
import type { Stores } from "../../data/stores.ts";
import type { Resource } from "../manifest.ts";
import { type Env, EnvironmentError, processEnv, readEnv, required } from "./env.ts";
import { createLog } from "./log.ts";
import { withSecrets } from "./secrets.ts";

/** What the use cases work with. One per process. */
export interface Services extends Stores {
  env: Env;
  traces: Traces;
  /** Where pictures are drawn, unless it is inline. */
  drawing?: Drawing | undefined;
  /** Where sheets of labels are drawn, unless it is inline. */
  sheets?: SheetDrawing | undefined;
  /** Whose tokens are taken, unless its keys are fetched from it. */
  issuerKeys?: IssuerKeys | undefined;
  /** How logos are drawn anew, unless it is inline. */
  redrawLogo?: RedrawLogo | undefined;
  /** How busy the process is, where it serves many requests at a time. */
  eventLoop?: Pick<EventLoopDelay, "p99Ms"> | undefined;
  /** Waits for so many milliseconds. */
  sleep(ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface ServiceOverrides {
  redis?: RedisPort;
  db?: Db;
  log?: Log;
  /** Told when Redis stops answering and when it answers again; `log` unless given. */
  breakerLog?: Log;
  metrics?: Metrics;
  traces?: Traces;
  drawing?: Drawing;
  sheets?: SheetDrawing;
  issuerKeys?: IssuerKeys;
  redrawLogo?: RedrawLogo;
  eventLoop?: Pick<EventLoopDelay, "p99Ms">;
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
  const breakerLog = overrides.breakerLog ?? log;
  const redis = withBreaker(overrides.redis ?? (await connectRedis(env)), breakerLog, undefined, metrics);
  const lifetimes = lifetimesOf(env);
  const db = overrides.db ?? lazyPostgres(env, log);
  return {
    env,
    db,
    redis,
    cache: codeCache(redis, redis.bypassBreaker),
    links: linkCache(redis, lifetimes.link),
    lifetimes,
    loads: singleFlight(),
    log,
    metrics,
    traces: overrides.traces ?? noTraces,
    drawing: overrides.drawing,
    sheets: overrides.sheets,
    issuerKeys: overrides.issuerKeys,
    redrawLogo: overrides.redrawLogo,
    eventLoop: overrides.eventLoop,
    now: overrides.now ?? Date.now,
    sleep: overrides.sleep ?? ((ms) => sleep(ms)),
    close: async () => {
      await Promise.all([redis.close(), db.close()]);
    },
  };
}

function lifetimesOf(env: Env): Lifetimes {
  return {
    list: Number(required(env, "LIST_TTL_S")),
    code: Number(required(env, "CODE_TTL_S")),
    link: Number(required(env, "LINK_TTL_S")),
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
    const { respRedis } = await import("../../data/redis/resp.ts");
    return respRedis(env.REDIS_URL, timeoutMs);
  }
  if (!env.UPSTASH_REDIS_REST_URL || !env.UPSTASH_REDIS_REST_TOKEN) {
    throw new EnvironmentError(
      "REDIS_URL, or UPSTASH_REDIS_REST_URL with UPSTASH_REDIS_REST_TOKEN, is required",
    );
  }
  const { upstashRedis } = await import("../../data/redis/upstash.ts");
  return upstashRedis(env.UPSTASH_REDIS_REST_URL, env.UPSTASH_REDIS_REST_TOKEN, timeoutMs);
}

/** Loads the driver at the first query, since most scans end in the cache. */
function lazyPostgres(env: Env, log: Log): Db {
  let opened: Promise<Db> | undefined;
  const open = (): Promise<Db> => {
    opened ??= import("./open-postgres.ts").then(({ openPostgres }) => openPostgres(env, log));
    return opened;
  };
  return {
    read: async (sql, values) => (await open()).read(sql, values),
    readWithin: async (limitMs, sql, values) => (await open()).readWithin(limitMs, sql, values),
    write: async (sql, values) => (await open()).write(sql, values),
    transaction: async (work, tenantId) => (await open()).transaction(work, tenantId),
    autocommit: async (work, tenantId) => (await open()).autocommit(work, tenantId),
    close: async () => (await opened)?.close(),
  };
}
