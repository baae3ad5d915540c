import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import type { Monitored } from "./monitored.ts";
import type { Rules } from "./rule.ts";
import { aws, FIVE_MINUTES, MINUTE, type Signals } from "./signals.ts";
import { MAX_LAG, OUTBOX_AGE } from "./targets.ts";

/** From the scan to its row: what waits, what stands still, and what was given up. */
export function pipelineRules(signals: Signals, { failedBatchesBucket }: Monitored): Rules {
  return {
    "outbox-age": {
      metric: signals.own("OutboxAge", "relay", { statistic: "Maximum", period: MINUTE }),
      description: "Scans wait to be published. They are kept, in Redis and then in Postgres.",
      threshold: OUTBOX_AGE.toMilliseconds(),
    },
    "relay-silent": {
      // Written at the end of each run, a zero too; so its count is the relay's heartbeat.
      metric: signals.own("OutboxDepth", "relay", { statistic: "SampleCount" }),
      description: "The relay has not finished a run. Scans wait in Redis.",
      threshold: 1,
      below: true,
      periods: 2,
      silenceIsBad: true,
    },
    "relay-failing": {
      metric: signals.own("RelayFailures", "relay"),
      description: "The relay's attempts to hand on events fail, in each of its runs.",
      threshold: 1,
    },
    "nothing-persisted": {
      metric: nothingPersisted(signals),
      description: "Codes are scanned, and no scan reaches Postgres.",
      threshold: 1,
    },
    "dead-letters": {
      metric: signals.own("DeadLetters", signals.persister),
      description: "Records could not be persisted; the table dead_letters holds them with the reason.",
      threshold: 1,
      periods: 1,
    },
    ...(failedBatchesBucket === undefined ? {} : kafkaRules(signals, failedBatchesBucket)),
  };
}

/** One where people or bots scanned and nothing came of it, be it new, seen before or unreadable. */
function nothingPersisted(signals: Signals): IMetric {
  return new MathExpression({
    expression:
      "IF(FILL(scans, 0) + FILL(bots, 0) > 0 AND FILL(fresh, 0) + FILL(seen, 0) + FILL(dead, 0) == 0, 1, 0)",
    usingMetrics: {
      scans: signals.own("Scans", "scan"),
      bots: signals.own("Bots", "scan"),
      fresh: signals.own("ScansPersisted", signals.persister),
      seen: signals.own("ScansDuplicate", signals.persister),
      dead: signals.own("DeadLetters", signals.persister),
    },
    label: "nothing persisted",
    period: FIVE_MINUTES,
  });
}

function kafkaRules(signals: Signals, bucket: string): Rules {
  return {
    "persisting-fails": {
      metric: signals.lambda("Errors", "persist-scans"),
      description: "Batches of scans fail and are tried again. Kafka keeps them.",
      threshold: 1,
    },
    "consumer-lag": {
      // The least in five minutes: a burst is behind at some moment, a consumer that has stopped at each.
      metric: signals.lag("Minimum"),
      description: "The consumer does not keep up, or has stopped. Kafka keeps what it has not taken.",
      threshold: MAX_LAG,
    },
    "failed-batches": {
      metric: aws("AWS/S3", { BucketName: bucket, StorageType: "AllStorageTypes" }, "NumberOfObjects", {
        statistic: "Maximum",
        // S3 counts once a day.
        period: Duration.days(1),
      }),
      description: "Batches were given up and lie in the bucket of failed batches, to be handed in again.",
      threshold: 1,
      periods: 1,
    },
    "failed-batch-lost": {
      metric: signals.lambda("DestinationDeliveryFailures", "persist-scans"),
      description: "A batch that was given up could not be written to the bucket of failed batches.",
      threshold: 1,
      periods: 1,
    },
  };
}
