import { Duration } from "aws-cdk-lib";
import type { IMetric, IWidget } from "aws-cdk-lib/aws-cloudwatch";
import { HIT_RATE_TARGETS } from "../../core/telemetry/metrics.ts";
import { endpoints, type Route } from "../../functions/manifest.ts";
import { graph } from "./graph.ts";
import type { Monitored } from "./monitored.ts";
import { aws, FIVE_MINUTES, type Signals } from "./signals.ts";

const HOUR = Duration.hours(1);

/** Functions that read through the cache: what reads a tenant's data or is scanned. */
const READERS = namesOf(
  ({ uses, scope, methods }) =>
    uses.includes("redis") && methods.includes("GET") && (scope === "qr:read" || uses.includes("visitors")),
);
const WRITERS = namesOf(({ scope }) => scope === "qr:write");
const REDIS_USERS = [...namesOf(({ uses }) => uses.includes("redis")), "relay"];

function namesOf(condition: (route: Route) => boolean): string[] {
  return endpoints.filter(({ routes }) => routes.some(condition)).map(({ name }) => name);
}

export function cacheWidgets(signals: Signals, monitored: Monitored): IWidget[] {
  const goals = Object.entries(HIT_RATE_TARGETS).map(([name, value]): [number, string] => [
    value,
    `target: ${name}`,
  ]);
  const users = [...new Set([...REDIS_USERS, signals.persister])];
  const each = (name: "RedisErrors" | "RedisTimeouts" | "BreakerOpen") =>
    signals.total(name, users, FIVE_MINUTES);
  return [
    graph(
      "Hit rate",
      READERS.map((name) => signals.hitRate(name, 1, FIVE_MINUTES)),
      "%",
      { annotations: goals, max: 100 },
    ),
    graph(
      "Invalidations per hour",
      [
        signals.total("Invalidations", WRITERS, HOUR),
        signals.total("InvalidationsPending", WRITERS, HOUR),
        signals.total("FillRefused", READERS, HOUR),
      ],
      "an hour",
    ),
    graph("Redis memory", redisMemory(signals, monitored), "bytes"),
    graph("Redis failures", [each("RedisErrors"), each("RedisTimeouts"), each("BreakerOpen")], "calls"),
  ];
}

function redisMemory(signals: Signals, { valkeyId }: Monitored): IMetric[] {
  const used = signals.own("RedisUsedMemory", "relay", { statistic: "Maximum", label: "used" });
  if (!valkeyId) return [used];
  const dimensions = { ReplicationGroupId: valkeyId };
  return [
    used,
    aws("AWS/ElastiCache", dimensions, "FreeableMemory", { statistic: "Minimum", label: "free" }),
  ];
}

export function requestWidgets(signals: Signals): IWidget[] {
  const percentiles = ["p50", "p95", "p99"];
  return [
    graph(
      "Latency of the API",
      percentiles.map((p) => signals.api("Latency", { statistic: p, label: p })),
      "ms",
    ),
    graph(
      "Duration of a scan",
      percentiles.map((p) => signals.lambda("Duration", "scan", { statistic: p, label: p })),
      "ms",
    ),
    graph(
      "Duration p99 by endpoint",
      endpoints.map(({ name }) => signals.lambda("Duration", name, { statistic: "p99" })),
      "ms",
    ),
    graph(
      "Requests",
      [
        signals.api("Count", { label: "all" }),
        signals.api("4xx", { label: "4xx" }),
        signals.api("5xx", { label: "5xx" }),
      ],
      "requests",
    ),
    graph(
      "Scans",
      [
        signals.own("Scans", "scan", { label: "people" }),
        signals.own("Bots", "scan", { label: "bots" }),
        signals.own("ScansWithoutRedis", "scan", { label: "captured in Postgres" }),
      ],
      "scans",
    ),
  ];
}
