import { type IMetric, MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import { HIT_RATE_TARGETS, MIN_READS } from "../../core/telemetry/metrics.ts";
import { endpoints } from "../../functions/manifest.ts";
import type { Monitored } from "./monitored.ts";
import type { Rule, Rules } from "./rule.ts";
import { FIVE_MINUTES, MINUTE, type Signals, sumOf } from "./signals.ts";
import { HIT_RATE_PERIOD, MIN_REQUESTS, P99_MS, REDIS_FAILURES, SERVER_ERRORS_PERCENT } from "./targets.ts";

/** What callers notice: errors, waiting, and a cache that does not answer. */
export function requestRules(signals: Signals, monitored: Monitored): Rules {
  return {
    "server-errors": {
      metric: whenBusy(signals.api("5xx"), signals.api("Count"), "100 * value / requests"),
      description: "The API answers with 5xx.",
      threshold: SERVER_ERRORS_PERCENT,
    },
    "database-errors": {
      metric: signals.query("DatabaseErrors"),
      description: "Requests fail because Postgres does not answer.",
      threshold: 1,
      periods: 2,
    },
    "slow-api": {
      metric: whenBusy(signals.api("Latency", { statistic: "p99" }), signals.api("Count"), "value"),
      description: "One request in a hundred takes too long.",
      threshold: P99_MS.api,
    },
    "slow-scans": {
      metric: whenBusy(
        signals.lambda("Duration", "scan", { statistic: "p99" }),
        signals.lambda("Invocations", "scan"),
        "value",
      ),
      description: "One scan in a hundred takes too long.",
      threshold: P99_MS.scan,
    },
    ...throttleRules(signals, monitored),
    ...hitRateRules(signals),
    "redis-failing": {
      metric: redisFailures(signals),
      description: "Redis refuses, is silent or out of reach. Postgres answers requests meanwhile.",
      threshold: REDIS_FAILURES,
    },
  };
}

/** Nothing where there were too few requests to say anything. */
function whenBusy(value: IMetric, requests: IMetric, expression: string): IMetric {
  return new MathExpression({
    expression: `IF(requests >= ${MIN_REQUESTS}, ${expression})`,
    usingMetrics: { value, requests },
    period: FIVE_MINUTES,
  });
}

/**
 * One each, since an alarm takes ten figures at most. What a deployment or a schedule starts is not among them: a
 * deployment fails by itself, and who runs each minute is missed by alarms of its own.
 */
function throttleRules(signals: Signals, { functions, config }: Monitored): Rules {
  const called = [...endpoints.map(({ name }) => name), "persist-scans"];
  const watched = config.sizes.alarmPerFunction ? called : ["scan"];
  return Object.fromEntries(
    watched
      .filter((name) => functions.includes(name))
      .map((name): [string, Rule] => [
        `throttled-${name}`,
        {
          metric: signals.lambda("Throttles", name),
          description: `Lambda refuses calls of ${name}: the account's concurrency is used up.`,
          threshold: 1,
          periods: 1,
          runbook: "throttled",
        },
      ]),
  );
}

function hitRateRules(signals: Signals): Rules {
  return Object.fromEntries(
    Object.entries(HIT_RATE_TARGETS).map(([name, threshold]): [string, Rule] => [
      `hit-rate-${name}`,
      {
        metric: signals.hitRate(name, MIN_READS, HIT_RATE_PERIOD),
        description: `Redis answers less than ${threshold} % of ${name}.`,
        threshold,
        below: true,
        periods: 2,
        runbook: "hit-rate",
      },
    ]),
  );
}

/** Measured on scans and on the relay, which calls Redis each minute even without traffic. */
function redisFailures(signals: Signals): IMetric {
  const failures = ["scan", "relay"].flatMap((of) =>
    (["RedisErrors", "RedisTimeouts", "BreakerOpen"] as const).map((name) =>
      signals.own(name, of, { period: MINUTE }),
    ),
  );
  return sumOf(failures, "failed calls", MINUTE);
}
