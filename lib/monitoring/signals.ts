import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { METRICS_NAMESPACE, type MetricName } from "../../core/telemetry/metrics.ts";
import { functionName, serviceName } from "../compute/service-function.ts";
import { CONSUMER_GROUP, TOPIC } from "../events/kafka-cluster.ts";
import type { Monitored } from "./monitored.ts";

export const MINUTE = Duration.minutes(1);
export const FIVE_MINUTES = Duration.minutes(5);

interface Options {
  statistic?: string;
  period?: Duration;
  label?: string;
}

const SUM = { statistic: "Sum", period: FIVE_MINUTES };

/** The figures of one stage, by the names under which they are written. */
export class Signals {
  readonly #monitored: Monitored;

  constructor(monitored: Monitored) {
    this.#monitored = monitored;
  }

  get #service(): string {
    return serviceName(this.#monitored.config.stage);
  }

  /** The function that persists scans: Kafka's consumer, or the relay by itself. */
  get persister(): "persist-scans" | "relay" {
    return this.#monitored.config.events === "msk" ? "persist-scans" : "relay";
  }

  /** A figure of the service's own catalogue, of one function. */
  own(name: MetricName, from: string, options: Options = {}): Metric {
    const dimensionsMap = { function: from, service: this.#service };
    return aws(METRICS_NAMESPACE, dimensionsMap, name, { label: from, ...options });
  }

  /** A figure that Lambda itself writes of a function. */
  lambda(metricName: string, of: string, options: Options = {}): Metric {
    const dimensionsMap = { FunctionName: functionName(this.#monitored.config.stage, of) };
    return aws("AWS/Lambda", dimensionsMap, metricName, { label: of, ...options });
  }

  api(metricName: string, options: Options = {}): Metric {
    return aws("AWS/ApiGateway", { ApiId: this.#monitored.apiId }, metricName, options);
  }

  /** By its name, which its stack fixes. */
  database(metricName: string, statistic: string): Metric {
    return aws("AWS/RDS", { DBInstanceIdentifier: this.#service }, metricName, {
      statistic,
      label: metricName,
    });
  }

  /** Records that the consumer has not taken yet. MSK writes it even if there is no consumer. */
  lag(statistic: string): Metric {
    const dimensionsMap = {
      "Cluster Name": this.#service,
      "Consumer Group": CONSUMER_GROUP,
      Topic: TOPIC,
    };
    return aws("AWS/Kafka", dimensionsMap, "SumOffsetLag", { statistic, label: "records, by the cluster" });
  }

  broker(metricName: string, id: number, statistic: string): Metric {
    const dimensionsMap = { "Cluster Name": this.#service, "Broker ID": String(id) };
    return aws("AWS/Kafka", dimensionsMap, metricName, { statistic });
  }

  /**
   * The reads of a function that Redis answered, in per cent; no figure where there were fewer than `min`. All hits
   * and no miss are 100 %, though nothing was written of misses.
   */
  hitRate(from: string, min: number, period: Duration): IMetric {
    // A graph knows each figure by one name.
    // An ID of CloudWatch takes no hyphen.
    const id = from.replaceAll("-", "_");
    const [hits, misses] = [`${id}Hits`, `${id}Misses`];
    const reads = `(FILL(${hits}, 0) + FILL(${misses}, 0))`;
    return new MathExpression({
      expression: `IF(${reads} >= ${min}, 100 * FILL(${hits}, 0) / ${reads})`,
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
    return sumOf(
      from.map((of) => this.own(name, of, { period })),
      name,
      period,
    );
  }

  /** The sum of a figure over all functions, as one figure for an alarm, which takes ten at most. */
  query(name: MetricName): IMetric {
    return new MathExpression({
      expression: `SELECT SUM(${name}) FROM SCHEMA(${METRICS_NAMESPACE}, function, service) WHERE service = '${this.#service}'`,
      label: name,
      period: FIVE_MINUTES,
    });
  }
}

/** A figure of AWS's own, or of ours; a sum over five minutes unless the options say otherwise. */
export function aws(
  namespace: string,
  dimensionsMap: Record<string, string>,
  metricName: string,
  options: Options = {},
): Metric {
  return new Metric({ namespace, metricName, dimensionsMap, ...SUM, ...options });
}

export function sumOf(metrics: Metric[], label: string, period: Duration): MathExpression {
  // An identifier of metric math starts with a small letter; a graph knows each figure by one name.
  const prefix = label.replace(/\W/g, "").replace(/^./, (letter) => letter.toLowerCase());
  return new MathExpression({
    expression: metrics.map((_, index) => `FILL(${prefix}${index}, 0)`).join(" + "),
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`${prefix}${index}`, metric])),
    label,
    period,
  });
}
