import { Duration } from "aws-cdk-lib";
import { MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import type { Rule, Rules } from "./rule.ts";
import type { Signals } from "./signals.ts";
import { HIT_RATE_PERIOD, HIT_RATE_TARGETS, LEAST_READS, REDIS_FAILURES } from "./targets.ts";

const MINUTE = Duration.minutes(1);

export function cacheRules(signals: Signals): Rules {
  const hitRates = Object.entries(HIT_RATE_TARGETS).map(([name, threshold]): [string, Rule] => [
    `hit-rate-${name}`,
    {
      metric: signals.hitRate(name, LEAST_READS, HIT_RATE_PERIOD),
      description: `Redis answers less than ${threshold} % of ${name}: is it evicting, or are codes changed in a loop?`,
      threshold,
      below: true,
      periods: 2,
    },
  ]);
  // The path of the scans, and the relay, which asks Redis each minute even if nobody else does.
  const failures = ["scan", "relay"].flatMap((of) =>
    (["RedisErrors", "RedisTimeouts", "BreakerOpen"] as const).map((name) =>
      signals.own(name, of, { period: MINUTE }),
    ),
  );
  return {
    ...Object.fromEntries(hitRates),
    "redis-failing": {
      metric: new MathExpression({
        expression: failures.map((_, index) => `FILL(m${index}, 0)`).join(" + "),
        usingMetrics: Object.fromEntries(failures.map((metric, index) => [`m${index}`, metric])),
        label: "failed calls",
        period: MINUTE,
      }),
      description: "Redis refuses, is silent or out of reach. Requests are answered from Postgres meanwhile.",
      threshold: REDIS_FAILURES,
    },
  };
}
