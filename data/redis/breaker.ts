import type { Log } from "../../core/telemetry/log.ts";
import { type Metrics, noMetrics } from "../../core/telemetry/metrics.ts";
import { RedisFailure, type RedisPort } from "./port.ts";

/** Failures in a row that open the breaker. */
const FAILURES_TO_OPEN = 5;

/** How long an open breaker waits before it lets one call probe the server, in milliseconds. */
const PROBE_AFTER_MS = 1_000;

/** A server that answers, but with errors, is logged at most this often, in milliseconds. */
const REFUSAL_LOG_MS = 60_000;

export type BreakerState = "closed" | "open" | "half-open";

export interface GuardedRedis extends RedisPort {
  /** The same Redis, tried even while the breaker is open: for what must not be left out if it works at all. */
  bypassBreaker: RedisPort;
  state(): BreakerState;
  /** Whether the last call that got through got a reply. */
  healthy(): boolean;
}

/**
 * Keeps a Redis that is down from costing every request a deadline: after five failures in a row the breaker opens
 * and calls fail at once; each second one call may probe the server, and its success closes the breaker.
 *
 * An error reply (out of memory, read-only …) comes at once and does not open it. The log gets one line when Redis
 * stops answering and one when it answers again.
 *
 * @param now monotonic clock, in milliseconds
 */
export function withBreaker(
  redis: RedisPort,
  log: Log,
  now = () => performance.now(),
  metrics: Metrics = noMetrics,
): GuardedRedis {
  let failures = 0;
  let probeAt = 0;
  let probing = false;
  /** Outages that ended. */
  let recoveries = 0;
  let refusalLoggedAt = Number.NEGATIVE_INFINITY;

  const isOpen = () => failures >= FAILURES_TO_OPEN;

  function succeeded(): void {
    if (failures === 0) return;
    log.info("redis answers again");
    failures = 0;
    recoveries += 1;
  }

  function failed(failure: RedisFailure, recoveriesAtStart: number): void {
    metrics.add(failure.reason === "timeout" ? "RedisTimeouts" : "RedisErrors");
    if (failure.reason === "refused") {
      if (now() - refusalLoggedAt < REFUSAL_LOG_MS) return;
      refusalLoggedAt = now();
      log.warn("redis refuses a command; the database answers instead", { reason: failure.message });
      return;
    }
    // A call that began in an outage says nothing of the time after it.
    if (recoveriesAtStart !== recoveries) return;
    if (failures === 0) {
      log.warn("redis does not answer; the database answers instead", { reason: failure.message });
    }
    failures += 1;
    probeAt = now() + PROBE_AFTER_MS;
  }

  async function guarded<T>(call: () => Promise<T>, bypasses: boolean): Promise<T> {
    const probe = isOpen() && !bypasses;
    if (probe) {
      if (probing || now() < probeAt) {
        metrics.add("BreakerOpen");
        throw new RedisFailure("open", "the circuit breaker is open");
      }
      probing = true;
    }
    const recoveriesAtStart = recoveries;
    try {
      const reply = await call();
      succeeded();
      return reply;
    } catch (error) {
      if (error instanceof RedisFailure) failed(error, recoveriesAtStart);
      throw error;
    } finally {
      if (probe) probing = false;
    }
  }

  const port = (bypasses: boolean): RedisPort => ({
    command: (name, ...args) => guarded(() => redis.command(name, ...args), bypasses),
    script: (script, keys, args) => guarded(() => redis.script(script, keys, args), bypasses),
    close: () => redis.close(),
  });

  return {
    ...port(false),
    bypassBreaker: port(true),
    state: () => (!isOpen() ? "closed" : probing || now() >= probeAt ? "half-open" : "open"),
    healthy: () => failures === 0,
  };
}
