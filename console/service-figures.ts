/** How long requests took over the last hour, or since the start. */
export interface Took {
  count: number;
  meanMs: number;
  /** Interpolated between two bounds of the histogram. */
  p99Ms: number;
}

/** What one endpoint's cache did over that time. */
export interface ReadFigures {
  endpoint: string;
  hits: number;
  misses: number;
  /** Per cent that the cache is built for, if it has a target. */
  targetPercent: number | null;
  /** Whether it is below that, by enough reads to tell. */
  isBelow: boolean;
  hit: Took | null;
  miss: Took | null;
}

/** The figures of a service on one machine; `null` is what can't be read at the moment. */
export interface ServiceFigures {
  /** How much time they cover: an hour at most. */
  seconds: number;
  reads: ReadFigures[];
  invalidations: number;
  invalidationsPending: number;
  redisMemoryBytes: number | null;
  outbox: { depth: number; oldestAgeMs: number };
  breaker: "closed" | "half-open" | "open";
}
