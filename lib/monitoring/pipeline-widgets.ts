import { type IWidget, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { CONSUMER_GROUP, TOPIC } from "../events/kafka-cluster.ts";
import { graph } from "./graph.ts";
import type { Monitored } from "./monitored.ts";
import type { Signals } from "./signals.ts";

export function pipelineWidgets(signals: Signals, { clusterName }: Monitored): IWidget[] {
  const lag = new Metric({
    namespace: "AWS/Kafka",
    metricName: "SumOffsetLag",
    dimensionsMap: { "Cluster Name": clusterName, "Consumer Group": CONSUMER_GROUP, Topic: TOPIC },
    statistic: "Maximum",
    label: "records, by the cluster",
  });
  return [
    graph(
      "Outbox: events that wait",
      [signals.own("OutboxDepth", "relay", { statistic: "Maximum" })],
      "events",
    ),
    graph("Outbox: age of the oldest", [signals.own("OutboxAge", "relay", { statistic: "Maximum" })], "ms"),
    graph(
      "Consumer lag",
      [
        lag,
        signals.lambda("OffsetLag", "persist-scans", {
          statistic: "Maximum",
          label: "records, by the event source",
        }),
      ],
      "records",
    ),
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
      "Persisted",
      [
        signals.own("ScansPersisted", "persist-scans", { label: "new" }),
        signals.own("ScansDuplicate", "persist-scans", { label: "seen before" }),
        signals.own("DeadLetters", "persist-scans", { label: "dead letters" }),
      ],
      "scans",
    ),
  ];
}
