import { Duration, Stack } from "aws-cdk-lib";
import type { IEventSourceDlq } from "aws-cdk-lib/aws-lambda";
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import type { Grant } from "../compute/grants.ts";
import { eventsRemovalOf, type Stage } from "../stage.ts";

/** Long enough to find and mend whatever refused them, and longer than the topic keeps them. */
const KEPT_DAYS = 365;

/**
 * Where batches go that could not be persisted however often they were tried: with their records, which a queue would
 * not be given.
 */
export class FailedBatches extends Construct {
  readonly bucket: Bucket;
  readonly destination: IEventSourceDlq;
  readonly grants: Grant[];

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(KEPT_DAYS) }],
      removalPolicy: eventsRemovalOf(stage),
    });
    this.destination = { bind: () => ({ destination: this.bucket.bucketArn }) };
    // https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure-destination.html
    this.grants = [
      { actions: ["s3:ListBucket"], resources: [this.bucket.bucketArn] },
      {
        actions: ["s3:PutObject"],
        resources: [this.bucket.arnForObjects("*")],
        reason: "Lambda chooses the objects' names.",
        finding: `Resource::<${this.#logicalId()}.Arn>/*`,
      },
    ];
    acknowledge(this.bucket, {
      S1: "Only Lambda writes to it, a few objects a year, and each write is an alarm.",
    });
  }

  #logicalId(): string {
    return Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket);
  }
}
