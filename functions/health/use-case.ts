import { writability } from "../../data/postgres/writability.ts";
import { CACHE_TTL, CacheKeys } from "../../data/redis/keys.ts";
import type { Services } from "../runtime/services.ts";

export interface Health {
  /**
   * `degraded`: codes are read and scans redirected, but Redis does not answer, or nothing can be changed. `down`: only
   * what is cached is answered.
   */
  status: "ok" | "degraded" | "down";
  redis: "ok" | "failing";
  breaker: "closed" | "half-open" | "open";
  postgres: "ok" | "read-only" | "failing";
  /** Why the database is read-only. */
  reason?: string | undefined;
  /** How late callbacks run in a process that serves many at a time: 99th percentile of about a minute, ms. */
  eventLoopDelayMs?: number | undefined;
}

/** Asks each server a question that needs its answer, and a write. */
export async function health({ cache, redis, db, eventLoop }: Services): Promise<Health> {
  const [redisAnswers, postgres] = await Promise.all([
    // A full or read-only Redis answers a PING, and yet nothing can be counted or cached.
    cache.setCache(CacheKeys.health, 1, CACHE_TTL.health),
    writability(db),
  ]);
  const degraded = !redisAnswers || postgres.state === "read-only";
  return {
    status: postgres.state === "failing" ? "down" : degraded ? "degraded" : "ok",
    redis: redisAnswers ? "ok" : "failing",
    breaker: redis.state(),
    postgres: postgres.state,
    ...(postgres.state === "read-only" ? { reason: postgres.reason } : {}),
    ...(eventLoop ? { eventLoopDelayMs: Math.round(eventLoop.p99Ms()) } : {}),
  };
}
