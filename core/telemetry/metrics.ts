/** All metrics of the service are here in CloudWatch. */
export const METRICS_NAMESPACE = "QrService";

const COUNT = "Count";

/**
 * Every metric of the service, by its unit. Its meaning is a comment, which no bundle carries. CDK draws the dashboard and
 * the alarms from these names. The only dimension is the function's name: a tenant or a code as one would cost a metric each.
 */
export const METRICS = {
  /** Reads and scans that Redis answered. */
  CacheHit: COUNT,
  /** Reads and scans that Postgres answered, for whatever reason. */
  CacheMiss: COUNT,
  /** Values that were not cached, because they changed while they were read. */
  FillRefused: COUNT,
  /** Committed changes, whose cached values have to be invalidated. */
  Invalidations: COUNT,
  /** Changes that Redis did not confirm, and that are replayed. */
  InvalidationsPending: COUNT,
  /** Calls that Redis refused, or that could not reach it. */
  RedisErrors: COUNT,
  /** Calls that Redis did not answer within the deadline. */
  RedisTimeouts: COUNT,
  /** Calls that were not tried, because Redis had failed several times in a row. */
  BreakerOpen: COUNT,
  /** How late callbacks run, 99th percentile of a run; near a deadline, a server is not to blame. */
  EventLoopDelay: "Milliseconds",
  /** Redirects of people, which are counted. */
  Scans: COUNT,
  /** Redirects of bots, which are not. */
  Bots: COUNT,
  /** Redirects whose event was captured in Postgres. */
  ScansWithoutRedis: COUNT,
  /** Events that wait to be published, at the end of a run of the relay. */
  OutboxDepth: COUNT,
  /** How long the oldest of them has waited. */
  OutboxAge: "Milliseconds",
  /** Events that Kafka acknowledged. */
  RelayPublished: COUNT,
  /** Attempts to publish that failed; their events wait. */
  RelayFailures: COUNT,
  /** Events moved from Redis to Postgres while Kafka was down. */
  RelaySpilled: COUNT,
  /** Memory that Redis uses for data. */
  RedisUsedMemory: "Bytes",
  /** Scans that were new to Postgres. */
  ScansPersisted: COUNT,
  /** Scans that were delivered again and left out. */
  ScansDuplicate: COUNT,
  /** Records that could not be persisted. */
  DeadLetters: COUNT,
  /** Scans of the canary's own code, by the public URL, that were redirected as they should be. */
  CanaryScans: COUNT,
  /** Scans of the canary's code that are in Postgres. */
  CanaryPersisted: COUNT,
  /** Requests that failed because Postgres did not answer. */
  DatabaseErrors: COUNT,
} as const satisfies Record<string, "Count" | "Milliseconds" | "Bytes">;

export type MetricName = keyof typeof METRICS;

/** Hit rates that the cache is built for, in per cent, by function. */
export const HIT_RATE_TARGETS = { list: 80, get: 90 } as const;

/** Fewer reads than this in a period say nothing about the cache. */
export const MIN_READS = 200;

/** Where figures go. */
export interface Metrics {
  add(name: MetricName, value?: number): void;
  /** Writes what was added since the last time. Called at the end of each invocation. */
  flush(): void;
}

/** For a process whose metrics are not collected. */
export const noMetrics: Metrics = { add() {}, flush() {} };
