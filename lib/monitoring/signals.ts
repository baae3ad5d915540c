import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { METRICS_NAMESPACE, type MetricName } from "../../core/telemetry/metrics.ts";
import { functionName, serviceName } from "../compute/service-function.ts";
import type { StageName } from "../stage.ts";

type Options = { statistic?: string; period?: Duration; label?: string };

const SUM = { statistic: "Sum", period: Duration.minutes(5) };

/** The figures of one stage, by the names under which they are written. */
export class Signals {
  readonly #stage: StageName;

  constructor(stage: StageName) {
    this.#stage = stage;
  }

  /** A figure of the service's own catalogue, of one function. */
  own(name: MetricName, from: string, options: Options = {}): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName: name,
      dimensionsMap: { function: from, service: serviceName(this.#stage) },
      ...SUM,
      label: from,
      ...options,
    });
  }

  /** A figure that Lambda itself writes of a function. */
  lambda(metricName: string, of: string, options: Options = {}): Metric {
    return new Metric({
      namespace: "AWS/Lambda",
      metricName,
      dimensionsMap: { FunctionName: functionName(this.#stage, of) },
      ...SUM,
      label: of,
      ...options,
    });
  }

  /**
   * The reads of a function that Redis answered, in per cent; no figure where there were fewer than `least`. All hits
   * and no miss are 100 %, though nothing was written of misses.
   */
  hitRate(from: string, least: number, period: Duration): IMetric {
    // A graph knows each figure by one name.
    const [hits, misses] = [`${from}Hits`, `${from}Misses`];
    const reads = `(FILL(${hits}, 0) + FILL(${misses}, 0))`;
    return new MathExpression({
      expression: `IF(${reads} >= ${least}, 100 * FILL(${hits}, 0) / ${reads})`,
      usingMetrics: {
        [hits]: this.own("CacheHit", from, { period }),
        [misses]: this.own("CacheMiss", from, { period }),
      },
      label: from,
      period,
    });
  }

  /** The sum of a figure over several functions. A function that wrote none counts as none. */
  total(name: MetricName, from: string[], period: Duration): MathExpression {
    const parts = from.map((of, index) => [
      `${name}${index}`.replace(/^./, lower),
      this.own(name, of, { period }),
    ]);
    return new MathExpression({
      expression: parts.map(([id]) => `FILL(${id}, 0)`).join(" + "),
      usingMetrics: Object.fromEntries(parts),
      label: name,
      period,
    });
  }
}

/** An identifier of metric math starts with a small letter. */
function lower(letter: string): string {
  return letter.toLowerCase();
}
