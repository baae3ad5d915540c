import type { ReadFigures, ServiceFigures, Took } from "../../../console/service-figures.ts";
import { HIT_RATE_TARGETS, MIN_READS } from "../../../core/telemetry/metrics.ts";
import { openOutbox } from "../../../data/outbox.ts";
import { usedMemory } from "../../../data/redis/used-memory.ts";
import type { Services } from "../../../functions/runtime/services.ts";
import { counterName, DURATION } from "./counted.ts";
import { BOUNDS_S } from "./function-figures.ts";
import type { LastHour } from "./last-hour.ts";

const READERS = ["list", "get", "scan"];
const WRITERS_FIGURES = ["Invalidations", "InvalidationsPending"] as const;

type Since = ReturnType<LastHour["read"]>["since"];

/** What is read off the servers when somebody asks. */
export type ServerFigures = Pick<ServiceFigures, "redisMemoryBytes" | "outbox" | "breaker">;

export async function serverFigures({ redis, db, now }: Services): Promise<ServerFigures> {
  const [memory, outbox] = await Promise.all([usedMemory(redis), openOutbox(redis, db).state(now())]);
  return { redisMemoryBytes: memory ?? null, outbox, breaker: redis.state() };
}

/** @param functions whose changes are counted */
export async function serviceFigures(
  services: Services,
  hour: LastHour,
  functions: readonly string[],
): Promise<ServiceFigures> {
  const servers = await serverFigures(services);
  const { seconds, since } = hour.read();
  const [invalidations = 0, invalidationsPending = 0] = WRITERS_FIGURES.map((name) =>
    functions.reduce((sum, each) => sum + since(counterName(name), { function: each }), 0),
  );
  return {
    seconds,
    reads: READERS.map((name) => readsOf(name, since)),
    invalidations,
    invalidationsPending,
    ...servers,
  };
}

function readsOf(endpoint: string, since: Since): ReadFigures {
  const labels = { function: endpoint };
  const hits = since(counterName("CacheHit"), labels);
  const reads = hits + since(counterName("CacheMiss"), labels);
  const targetPercent = HIT_RATE_TARGETS[endpoint as keyof typeof HIT_RATE_TARGETS] ?? null;
  return {
    endpoint,
    hits,
    misses: reads - hits,
    targetPercent,
    isBelow: targetPercent !== null && reads >= MIN_READS && (100 * hits) / reads < targetPercent,
    hit: took({ ...labels, cache: "hit" }, since),
    miss: took({ ...labels, cache: "miss" }, since),
  };
}

function took(labels: Record<string, string>, since: Since): Took | null {
  const count = since(`${DURATION}_count`, labels);
  if (count === 0) return null;
  const meanMs = (since(`${DURATION}_sum`, labels) / count) * 1_000;
  const upTo = BOUNDS_S.map((le) => since(`${DURATION}_bucket`, { ...labels, le: String(le) }));
  return { count, meanMs, p99Ms: quantileOf(0.99, count, upTo) * 1_000 };
}

/**
 * As PromQL's `histogram_quantile`: linear between two bounds, and the last bound for whatever lies beyond it.
 * https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 *
 * @param upTo how many values are at most each bound
 * @returns seconds
 */
export function quantileOf(quantile: number, count: number, upTo: readonly number[]): number {
  const rank = quantile * count;
  const index = upTo.findIndex((reached) => reached >= rank);
  if (index < 0) return BOUNDS_S.at(-1) as number;
  const [from, to] = [BOUNDS_S[index - 1] ?? 0, BOUNDS_S[index] as number];
  const before = upTo[index - 1] ?? 0;
  return from + ((to - from) * (rank - before)) / ((upTo[index] as number) - before);
}
