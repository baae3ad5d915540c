import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Monitored } from "./monitored.ts";
import type { Rule, Rules } from "./rule.ts";
import type { Signals } from "./signals.ts";
import { LEAST_REQUESTS, P99_MS, SERVER_ERRORS_PERCENT } from "./targets.ts";

export function apiRules(signals: Signals, { apiId, functions }: Monitored): Rules {
  const api = (metricName: string, statistic: string) =>
    new Metric({
      namespace: "AWS/ApiGateway",
      metricName,
      dimensionsMap: { ApiId: apiId },
      statistic,
      period: Duration.minutes(5),
    });
  const whenBusy = (value: IMetric, requests: IMetric, expression: string) =>
    new MathExpression({
      expression: `IF(requests >= ${LEAST_REQUESTS}, ${expression})`,
      usingMetrics: { value, requests },
      period: Duration.minutes(5),
    });
  const throttled = functions.filter((name) => name !== "relay");
  return {
    "server-errors": {
      metric: whenBusy(api("5xx", "Sum"), api("Count", "Sum"), "100 * value / requests"),
      description: "The API answers with 5xx: look for errors in the functions' logs, then at the database.",
      threshold: SERVER_ERRORS_PERCENT,
    },
    "slow-api": {
      metric: whenBusy(api("Latency", "p99"), api("Count", "Sum"), "value"),
      description: "One request in a hundred takes too long.",
      threshold: P99_MS.api,
    },
    "slow-scans": {
      metric: whenBusy(
        signals.lambda("Duration", "scan", { statistic: "p99" }),
        signals.lambda("Invocations", "scan"),
        "value",
      ),
      description: "One scan in a hundred takes too long: is Redis slow, or are many sandboxes starting?",
      threshold: P99_MS.scan,
    },
    // One each, since an alarm takes ten figures at most. The relay is not among them: a start that finds it still
    // running is throttled by design.
    ...Object.fromEntries(
      throttled.map((name): [string, Rule] => [
        `throttled-${name}`,
        {
          metric: signals.lambda("Throttles", name),
          description: `Lambda refuses calls of ${name}: the account's concurrency is used up.`,
          threshold: 1,
          periods: 1,
        },
      ]),
    ),
  };
}
