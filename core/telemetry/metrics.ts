/** All metrics of the service are here in CloudWatch. */
export const METRICS_NAMESPACE = "QrService";

/**
 * Every metric of the service: its unit and its meaning. CDK draws the dashboard and the alarms from these names.
 * The only dimension is the function's name: a tenant or a code as one would cost a metric each.
 */
export const METRICS = {
  CacheHit: { unit: "Count", meaning: "reads and scans that Redis answered" },
  CacheMiss: { unit: "Count", meaning: "reads and scans that Postgres answered, for whatever reason" },
  FillRefused: {
    unit: "Count",
    meaning: "values that were not cached, because they changed while they were read",
  },
  Invalidations: { unit: "Count", meaning: "changes that the cache was told of" },
  InvalidationsPending: {
    unit: "Count",
    meaning: "changes that Redis did not confirm, and that are replayed",
  },
  RedisErrors: { unit: "Count", meaning: "calls that Redis refused, or that could not reach it" },
  RedisTimeouts: { unit: "Count", meaning: "calls that Redis did not answer within the deadline" },
  BreakerOpen: {
    unit: "Count",
    meaning: "calls that were not tried, because Redis had failed several times in a row",
  },
  EventLoopDelay: {
    unit: "Milliseconds",
    meaning: "how late callbacks run, 99th percentile of a run; near a deadline, a server is not to blame",
  },
  Scans: { unit: "Count", meaning: "redirects of people, which are counted" },
  Bots: { unit: "Count", meaning: "redirects of bots, which are not" },
  ScansWithoutRedis: { unit: "Count", meaning: "redirects whose event was captured in Postgres" },
  OutboxDepth: {
    unit: "Count",
    meaning: "events that wait to be published, at the end of a run of the relay",
  },
  OutboxAge: { unit: "Milliseconds", meaning: "how long the oldest of them has waited" },
  RelayPublished: { unit: "Count", meaning: "events that Kafka acknowledged" },
  RelayFailures: { unit: "Count", meaning: "attempts to publish that failed; their events wait" },
  RelaySpilled: { unit: "Count", meaning: "events moved from Redis to Postgres while Kafka was down" },
  RedisUsedMemory: { unit: "Bytes", meaning: "memory that Redis uses for data" },
  ScansPersisted: { unit: "Count", meaning: "scans that were new to Postgres" },
  ScansDuplicate: { unit: "Count", meaning: "scans that were delivered again and left out" },
  DeadLetters: { unit: "Count", meaning: "records that could not be persisted" },
  CanaryScans: {
    unit: "Count",
    meaning: "scans of the canary's own code, by the public URL, that were redirected as they should be",
  },
  CanaryPersisted: { unit: "Count", meaning: "scans of the canary's code that are in Postgres" },
  DatabaseErrors: { unit: "Count", meaning: "requests that failed because Postgres did not answer" },
} as const satisfies Record<string, { unit: "Count" | "Milliseconds" | "Bytes"; meaning: string }>;

export type MetricName = keyof typeof METRICS;

/** Where figures go. */
export interface Metrics {
  add(name: MetricName, value?: number): void;
  /** Writes what was added since the last time. Called at the end of each invocation. */
  flush(): void;
}

/** For a process that nobody collects figures from. */
export const noMetrics: Metrics = { add() {}, flush() {} };
