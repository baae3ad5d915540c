import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Monitored } from "./monitored.ts";
import type { Rules } from "./rule.ts";
import type { Signals } from "./signals.ts";
import { OUTBOX_AGE } from "./targets.ts";

const MINUTE = Duration.minutes(1);

export function pipelineRules(signals: Signals, { failedBatchesBucket }: Monitored): Rules {
  return {
    "outbox-age": {
      metric: signals.own("OutboxAge", "relay", { statistic: "Maximum", period: MINUTE }),
      description:
        "Scans wait to be published: does Kafka answer? They are kept, in Redis and then in Postgres.",
      threshold: OUTBOX_AGE.toMilliseconds(),
    },
    "relay-silent": {
      // Written at the end of each run, a zero too; so its count is the relay's heartbeat.
      metric: signals.own("OutboxDepth", "relay", { statistic: "SampleCount" }),
      description: "The relay has not finished a run: look at its log. Scans wait in Redis.",
      threshold: 1,
      below: true,
      periods: 2,
      silenceIsBad: true,
    },
    "dead-letters": {
      metric: signals.own("DeadLetters", "persist-scans"),
      description: "Records could not be read as events; the table dead_letters holds them with the reason.",
      threshold: 1,
      periods: 1,
    },
    "persisting-fails": {
      metric: signals.lambda("Errors", "persist-scans"),
      description: "Batches of scans fail and are tried again: does Postgres answer? Kafka keeps them.",
      threshold: 1,
    },
    "failed-batches": {
      metric: new Metric({
        namespace: "AWS/S3",
        metricName: "NumberOfObjects",
        dimensionsMap: { BucketName: failedBatchesBucket, StorageType: "AllStorageTypes" },
        statistic: "Maximum",
        // S3 counts once a day.
        period: Duration.days(1),
      }),
      description: "Batches were given up and lie in the bucket of failed batches, to be handed in again.",
      threshold: 1,
      periods: 1,
    },
  };
}
