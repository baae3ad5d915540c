import { Duration } from "aws-cdk-lib";
import { EventSourceMapping, type EventSourceMappingOptions, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { Cluster } from "../compute/backends.ts";
import type { ServiceFunction } from "../compute/service-function.ts";
import type { Stage } from "../stage.ts";
import type { FailedBatches } from "./failed-batches.ts";
import { CONSUMER_GROUP, TOPIC } from "./kafka-cluster.ts";

interface ScanConsumerProps {
  stage: Stage;
  cluster: Cluster;
  persistScans: ServiceFunction;
  failedBatches: FailedBatches;
}

/** Hands the topic's records to `persist-scans`, in batches. */
export class ScanConsumer extends Construct {
  readonly mapping: EventSourceMapping;

  constructor(
    scope: Construct,
    id: string,
    { stage, cluster, persistScans, failedBatches }: ScanConsumerProps,
  ) {
    super(scope, id);
    this.mapping = new EventSourceMapping(this, "Mapping", {
      target: persistScans.lambda,
      eventSourceArn: cluster.clusterArn,
      kafkaTopic: TOPIC,
      kafkaConsumerGroupId: CONSUMER_GROUP,
      // Whatever was published before the consumer was there is a scan like any other.
      startingPosition: StartingPosition.TRIM_HORIZON,
      // One transaction each: large enough to be cheap, small enough to be done within seconds.
      batchSize: 500,
      // Figures are a few seconds behind the counters, and a quiet service is not called for each scan.
      maxBatchingWindow: Duration.seconds(5),
      onFailure: failedBatches.destination,
      ...errorControls(stage),
    });
  }
}

/**
 * A record that is wrong never fails its batch: the function sets it aside and persists the rest. What fails a whole
 * batch is a database that does not answer, or a bug; the one passes, the other is narrowed down to its record.
 * Lambda offers these controls with pollers of one's own only, and tries ten times without them
 * (https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html).
 */
function errorControls({ kafka }: Stage): EventSourceMappingOptions | Record<string, never> {
  if (!kafka.pollers) return {};
  return {
    provisionedPollerConfig: { minimumPollers: kafka.pollers.minimum, maximumPollers: kafka.pollers.maximum },
    bisectBatchOnError: true,
    // Hours of an unreachable database; then the batch is set aside, whole.
    retryAttempts: 100,
    maxRecordAge: Duration.days(3),
  };
}
