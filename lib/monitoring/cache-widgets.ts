import { Duration } from "aws-cdk-lib";
import { type IMetric, type IWidget, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { type Route, routes } from "../../functions/manifest.ts";
import { graph } from "./graph.ts";
import type { Monitored } from "./monitored.ts";
import type { Signals } from "./signals.ts";
import { HIT_RATE_TARGETS } from "./targets.ts";

const HOUR = Duration.hours(1);
const FIVE_MINUTES = Duration.minutes(5);

/** Functions that read through the cache. */
const READERS = ["list", "get", "stats", "scan"];
const WRITERS = (routes as readonly Route[])
  .filter(({ scope }) => scope === "qr:write")
  .map(({ name }) => name);
const REDIS_USERS = [...routes.map(({ name }) => name), "relay", "persist-scans"];

export function cacheWidgets(signals: Signals, monitored: Monitored): IWidget[] {
  const goals = Object.entries(HIT_RATE_TARGETS).map(([name, value]): [number, string] => [
    value,
    `target: ${name}`,
  ]);
  const each = (name: "RedisErrors" | "RedisTimeouts" | "BreakerOpen") =>
    signals.total(name, REDIS_USERS, FIVE_MINUTES);
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
  const free = new Metric({
    namespace: "AWS/ElastiCache",
    metricName: "FreeableMemory",
    dimensionsMap: { ReplicationGroupId: valkeyId },
    statistic: "Minimum",
    label: "free",
  });
  return [used, free];
}
