import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

/** In milliseconds. */
export interface Percentiles {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

const NS_PER_MS = 1e6;

/** Latencies to three significant figures, from a microsecond on. */
export class Latencies {
  readonly #histogram: RecordableHistogram = createHistogram({ lowest: 1, highest: 60e9, figures: 3 });

  /** @param ms as the difference of two `performance.now()` */
  record(ms: number): void {
    this.#histogram.record(Math.max(1, Math.round(ms * NS_PER_MS)));
  }

  percentiles(): Percentiles {
    const at = (percentile: number) => this.#histogram.percentile(percentile) / NS_PER_MS;
    return { p50: at(50), p95: at(95), p99: at(99), max: this.#histogram.max / NS_PER_MS };
  }
}
