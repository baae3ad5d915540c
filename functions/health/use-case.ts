import { CACHE_TTL, CacheKeys } from "../../data/redis/keys.ts";
import type { Services } from "../runtime/services.ts";

export interface Health {
  /** `degraded`: every request is answered, from Postgres alone. `down`: only what is cached is answered. */
  status: "ok" | "degraded" | "down";
  redis: "ok" | "failing";
  breaker: "closed" | "half-open" | "open";
  postgres: "ok" | "failing";
  /** How late callbacks run in a process that serves many at a time: 99th percentile of about a minute, ms. */
  eventLoopDelayMs?: number | undefined;
}

/** Asks each server a question that needs its answer. */
export async function health({ cache, redis, db, eventLoop }: Services): Promise<Health> {
  const [redisAnswers, postgresAnswers] = await Promise.all([
    // A full or read-only Redis answers a PING, and yet nothing can be counted or cached.
    cache.setCache(CacheKeys.health, 1, CACHE_TTL.health),
    db.read("SELECT 1", []).then(
      () => true,
      () => false,
    ),
  ]);
  return {
    status: !postgresAnswers ? "down" : redisAnswers ? "ok" : "degraded",
    redis: redisAnswers ? "ok" : "failing",
    breaker: redis.state(),
    postgres: postgresAnswers ? "ok" : "failing",
    ...(eventLoop ? { eventLoopDelayMs: Math.round(eventLoop.p99Ms()) } : {}),
  };
}
