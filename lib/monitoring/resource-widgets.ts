import { Duration } from "aws-cdk-lib";
import { type IWidget, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { routes } from "../../functions/manifest.ts";
import { stages } from "../stages.ts";
import { graph } from "./graph.ts";
import type { Monitored } from "./monitored.ts";
import type { Signals } from "./signals.ts";
import { CONNECTIONS_PERCENT } from "./targets.ts";

const FIVE_MINUTES = Duration.minutes(5);

export function resourceWidgets(signals: Signals, { stage, databaseId, functions }: Monitored): IWidget[] {
  const { maxConnections } = stages[stage].database;
  const rds = (metricName: string, statistic: string) =>
    new Metric({
      namespace: "AWS/RDS",
      metricName,
      dimensionsMap: { DBInstanceIdentifier: databaseId },
      statistic,
      label: metricName,
      period: FIVE_MINUTES,
    });
  const ofEach = (metricName: string, statistic: string) =>
    functions.map((name) => signals.lambda(metricName, name, { statistic }));
  return [
    graph(
      "Errors",
      [
        ...ofEach("Errors", "Sum"),
        signals.total(
          "DatabaseErrors",
          routes.map(({ name }) => name),
          FIVE_MINUTES,
        ),
      ],
      "calls",
    ),
    graph("Concurrency", ofEach("ConcurrentExecutions", "Maximum"), "sandboxes"),
    graph("Throttles", ofEach("Throttles", "Sum"), "calls"),
    graph("Database connections", [rds("DatabaseConnections", "Maximum")], "connections", {
      annotations: [
        [(maxConnections * CONNECTIONS_PERCENT) / 100, "alarm"],
        [maxConnections, "limit"],
      ],
    }),
    graph("Database load", [rds("CPUUtilization", "Average")], "%", { max: 100 }),
    graph("Database storage", [rds("FreeStorageSpace", "Minimum")], "bytes"),
  ];
}
