import { AsyncLocalStorage } from "node:async_hooks";
import { Counter, Histogram, Registry } from "prom-client";
import type { MetricName, Metrics } from "../../../core/telemetry/metrics.ts";
import type { HttpHandler } from "../../../functions/http/endpoint.ts";

/** What the gateway's own process counts of the catalogue, and what it says of each. The other figures are the relay's. */
const COUNTED = {
  CacheHit: "Reads and scans that Redis answered",
  CacheMiss: "Reads and scans that Postgres answered",
  FillRefused: "Values that were not cached, because they changed while they were read",
  Invalidations: "Committed changes, whose cached values had to be invalidated",
  InvalidationsPending: "Changes that Redis did not confirm at first",
  RedisErrors: "Calls that Redis refused, or that could not reach it",
  RedisTimeouts: "Calls that Redis did not answer within the deadline",
  BreakerOpen: "Calls that were not tried, because the breaker was open",
  Scans: "Redirects of people",
  Bots: "Redirects of bots",
  ScansWithoutRedis: "Redirects whose event was captured in Postgres",
  DatabaseErrors: "Requests that failed because Postgres did not answer",
} as const satisfies Partial<Record<MetricName, string>>;

type CountedName = keyof typeof COUNTED;

/** Upper bounds in seconds: close together where the cache answers and where the database does. */
export const BOUNDS_S = [
  0.00025, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25,
  0.5, 1, 2.5, 5,
];

/** Whoever counts outside of a request. */
const NO_FUNCTION = "gateway";

export const DURATION = "qr_request_duration_seconds";

/** Measures a handler. */
export type Timed = (name: string, handler: HttpHandler) => HttpHandler;

export interface Counted {
  metrics: Metrics;
  timed: Timed;
  registry: Registry;
}

/** Counters of one function, bound to its label once. */
type Counters = Map<string, Counter.Internal>;

/** A request under way. Its reads of the cache make it a hit or a miss; one miss makes it a miss. */
interface Request {
  counters: Counters;
  cache: "none" | "hit" | "miss";
}

/** The name of a counter: `qr_cache_hit_total`. */
export function counterName(name: CountedName): string {
  return `qr_${name.replace(/(?<=.)[A-Z]/g, "_$&").toLowerCase()}_total`;
}

/** Counts in this process. To count costs an increment: each function's counters are bound before its first request. */
export function countedMetrics(): Counted {
  const registry = new Registry();
  const registers = [registry];
  const counters = Object.entries(COUNTED).map(([name, help]) => {
    const counter = new Counter({
      name: counterName(name as CountedName),
      help,
      labelNames: ["function"],
      registers,
    });
    return [name, counter] as const;
  });
  const duration = new Histogram({
    name: DURATION,
    help: "Time from a handler's call to its reply, by what the cache did",
    labelNames: ["function", "cache"],
    buckets: BOUNDS_S,
    registers,
  });
  const requests = new AsyncLocalStorage<Request>();
  const countersOf = (name: string): Counters =>
    new Map(counters.map(([metric, counter]) => [metric, counter.labels(name)]));
  const own = countersOf(NO_FUNCTION);
  return {
    registry,
    metrics: {
      add(name, value = 1) {
        const request = requests.getStore();
        (request?.counters ?? own).get(name)?.inc(value);
        if (!request) return;
        if (name === "CacheMiss") request.cache = "miss";
        else if (name === "CacheHit" && request.cache === "none") request.cache = "hit";
      },
      flush() {},
    },
    timed(name, handler) {
      const bound = countersOf(name);
      const durations = {
        none: duration.labels(name, "none"),
        hit: duration.labels(name, "hit"),
        miss: duration.labels(name, "miss"),
      };
      return async (event, context) => {
        const request: Request = { counters: bound, cache: "none" };
        const start = performance.now();
        try {
          return await requests.run(request, handler, event, context);
        } finally {
          durations[request.cache].observe((performance.now() - start) / 1_000);
        }
      };
    },
  };
}
