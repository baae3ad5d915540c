import { Duration } from "aws-cdk-lib";
import { type IWidget, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { routes } from "../../functions/manifest.ts";
import { graph } from "./graph.ts";
import type { Monitored } from "./monitored.ts";
import type { Signals } from "./signals.ts";

const FIVE_MINUTES = Duration.minutes(5);

export function requestWidgets(signals: Signals, { apiId }: Monitored): IWidget[] {
  const api = (metricName: string, statistic: string, label: string) =>
    new Metric({
      namespace: "AWS/ApiGateway",
      metricName,
      dimensionsMap: { ApiId: apiId },
      statistic,
      label,
      period: FIVE_MINUTES,
    });
  const percentiles = ["p50", "p95", "p99"];
  return [
    graph(
      "Latency of the API",
      percentiles.map((p) => api("Latency", p, p)),
      "ms",
    ),
    graph(
      "Duration of a scan",
      percentiles.map((p) => signals.lambda("Duration", "scan", { statistic: p, label: p })),
      "ms",
    ),
    ...percentiles.slice(2).map((p) =>
      graph(
        `Duration ${p} by endpoint`,
        routes.map(({ name }) => signals.lambda("Duration", name, { statistic: p })),
        "ms",
      ),
    ),
    graph(
      "Requests",
      [api("Count", "Sum", "all"), api("4xx", "Sum", "4xx"), api("5xx", "Sum", "5xx")],
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
