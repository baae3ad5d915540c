import type { MetricName, Metrics } from "../../../core/telemetry/metrics.ts";
import { type RouteName, routes } from "../../../functions/manifest.ts";
import type { GatewayOptions } from "../gateway.ts";
import type { Family, Figure } from "./family.ts";
import { BOUNDS_S, cumulative, FunctionFigures } from "./function-figures.ts";

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

/** Whatever is not of one function: the process's one connection to Redis, and what runs beside requests. */
const NO_FUNCTION = "gateway";

export const DURATION = "qr_request_duration_seconds";

export interface Counted extends Required<Pick<GatewayOptions, "replied">> {
  /** Of what is not of one function. */
  metrics: Metrics;
  metricsOf(name: RouteName): Metrics;
  /** What was counted since the start. */
  read(): Family[];
}

/** The name of a counter: `qr_cache_hit_total`. */
export function counterName(name: CountedName): string {
  return `qr_${name.replace(/(?<=.)[A-Z]/g, "_$&").toLowerCase()}_total`;
}

/** Counts in this process, and knows nothing of Prometheus until it is read. */
export function countedMetrics(): Counted {
  const process = new FunctionFigures();
  const byName = Object.fromEntries(routes.map(({ name }) => [name, new FunctionFigures()])) as Record<
    RouteName,
    FunctionFigures
  >;
  const all: [string, FunctionFigures][] = [...Object.entries(byName), [NO_FUNCTION, process]];
  return {
    metrics: process,
    metricsOf: (name) => byName[name],
    replied: (name, ms, reply) => byName[name].replied(ms, reply),
    read: () => [
      ...(Object.keys(COUNTED) as CountedName[]).map((name): Family => {
        const values = all.map(([label, { counts }]) => ({
          labels: { function: label },
          value: counts[name],
        }));
        return { name: counterName(name), help: COUNTED[name], type: "counter", values };
      }),
      {
        name: DURATION,
        help: "Time from a handler's call to its reply, by what the cache did",
        type: "histogram",
        values: all.flatMap(([label, { durations }]) =>
          Object.entries(durations).flatMap(([cache, each]) =>
            histogram({ function: label, cache }, cumulative(each)),
          ),
        ),
      },
    ],
  };
}

/** The figures of one histogram; none if nothing was observed. */
function histogram(
  labels: Record<string, string>,
  { upTo, count, sumS }: ReturnType<typeof cumulative>,
): Figure[] {
  if (count === 0) return [];
  const bucket = (le: number | string, value: number) => ({
    metricName: `${DURATION}_bucket`,
    labels: { ...labels, le },
    value,
  });
  return [
    ...BOUNDS_S.map((bound, index) => bucket(bound, upTo[index] as number)),
    bucket("+Inf", count),
    { metricName: `${DURATION}_sum`, labels, value: sumS },
    { metricName: `${DURATION}_count`, labels, value: count },
  ];
}
