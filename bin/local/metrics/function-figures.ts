import { METRICS, type MetricName, type Metrics } from "../../../core/telemetry/metrics.ts";
import { CACHED, type HttpReply } from "../../../functions/http/reply.ts";

/** Upper bounds in seconds: close together where the cache answers and where the database does. */
export const BOUNDS_S = [
  0.00025, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25,
  0.5, 1, 2.5, 5,
];

const BOUNDS_MS = Float64Array.from(BOUNDS_S, (bound) => bound * 1_000);

/** Of a histogram: where its sum stands, behind the bounds and what lies beyond them. */
const SUM = BOUNDS_S.length + 1;

/** How many replies took up to each bound and longer than the one before it, how many longer than all, and their sum. */
export type Durations = Float64Array;

const noDurations = (): Durations => new Float64Array(SUM + 1);

/**
 * What the requests of one function did. All of it is plain numbers that were there before the first request: a scan
 * counts two of them and its duration, which may cost it next to nothing.
 */
export class FunctionFigures implements Metrics {
  readonly counts = Object.fromEntries(Object.keys(METRICS).map((name) => [name, 0])) as Record<
    MetricName,
    number
  >;
  /** By what the cache did. */
  readonly durations = { none: noDurations(), hit: noDurations(), miss: noDurations() };

  add(name: MetricName, value = 1): void {
    this.counts[name] += value;
  }

  flush(): void {}

  /** Counts a reply that took so many milliseconds. */
  replied(ms: number, reply: HttpReply): void {
    const { none, hit, miss } = this.durations;
    const cached = reply[CACHED];
    const durations = cached === undefined ? none : cached ? hit : miss;
    let bound = 0;
    while (bound < BOUNDS_MS.length && ms > (BOUNDS_MS[bound] as number)) bound++;
    durations[bound] = (durations[bound] as number) + 1;
    durations[SUM] = (durations[SUM] as number) + ms;
  }
}

/** A histogram as Prometheus has it: how many replies took at most each bound, how many there were, and how long in all. */
export function cumulative(durations: Durations): { upTo: number[]; count: number; sumS: number } {
  let count = 0;
  const upTo = BOUNDS_S.map((_, bound) => {
    count += durations[bound] as number;
    return count;
  });
  count += durations[BOUNDS_S.length] as number;
  return { upTo, count, sumS: (durations[SUM] as number) / 1_000 };
}
