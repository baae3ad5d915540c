import type { IWidget } from "aws-cdk-lib/aws-cloudwatch";
import { endpoints } from "../../functions/manifest.ts";
import { graph } from "./graph.ts";
import type { Monitored } from "./monitored.ts";
import { FIVE_MINUTES, type Signals } from "./signals.ts";
import { CONNECTIONS_PERCENT } from "./targets.ts";

export function pipelineWidgets(signals: Signals, { config }: Monitored): IWidget[] {
  const byTheSource = signals.lambda("OffsetLag", "persist-scans", {
    statistic: "Maximum",
    label: "records, by the event source",
  });
  return [
    graph(
      "Outbox: events that wait",
      [signals.own("OutboxDepth", "relay", { statistic: "Maximum" })],
      "events",
    ),
    graph("Outbox: age of the oldest", [signals.own("OutboxAge", "relay", { statistic: "Maximum" })], "ms"),
    ...(config.events === "msk"
      ? [graph("Consumer lag", [signals.lag("Maximum"), byTheSource], "records")]
      : []),
    graph(
      "Relay",
      [
        signals.own("RelayPublished", "relay", { label: "published" }),
        signals.own("RelayFailures", "relay", { label: "failed attempts" }),
        signals.own("RelaySpilled", "relay", { label: "moved to Postgres" }),
      ],
      "events",
    ),
    graph(
      "Relay: event loop delay",
      [signals.own("EventLoopDelay", "relay", { statistic: "Maximum" })],
      "ms",
    ),
    graph(
      "Canary",
      [
        signals.own("CanaryScans", "canary", { label: "redirected" }),
        signals.own("CanaryPersisted", signals.persister, { label: "persisted" }),
      ],
      "scans",
    ),
    graph(
      "Persisted",
      [
        signals.own("ScansPersisted", signals.persister, { label: "new" }),
        signals.own("ScansDuplicate", signals.persister, { label: "seen before" }),
        signals.own("DeadLetters", signals.persister, { label: "dead letters" }),
      ],
      "scans",
    ),
  ];
}

export function resourceWidgets(signals: Signals, { config, functions }: Monitored): IWidget[] {
  const { maxConnections } = config.sizes.database;
  const ofEach = (metricName: string, statistic: string) =>
    functions.map((name) => signals.lambda(metricName, name, { statistic }));
  return [
    graph(
      "Errors",
      [
        ...ofEach("Errors", "Sum"),
        signals.total(
          "DatabaseErrors",
          endpoints.map(({ name }) => name),
          FIVE_MINUTES,
        ),
      ],
      "calls",
    ),
    graph("Concurrency", ofEach("ConcurrentExecutions", "Maximum"), "sandboxes"),
    graph("Throttles", ofEach("Throttles", "Sum"), "calls"),
    graph("Database connections", [signals.database("DatabaseConnections", "Maximum")], "connections", {
      annotations: [
        [(maxConnections * CONNECTIONS_PERCENT) / 100, "alarm"],
        [maxConnections, "limit"],
      ],
    }),
    graph("Database load", [signals.database("CPUUtilization", "Average")], "%", { max: 100 }),
    graph("Database storage", [signals.database("FreeStorageSpace", "Minimum")], "bytes"),
  ];
}
