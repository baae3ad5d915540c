import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import type { Config } from "../config.ts";
import { removalOf } from "../stage.ts";
import { ConsoleDistribution } from "./console-distribution.ts";

/**
 * Where the console is: before the API, which has to know its origin. What it shows comes last, as it has to know the
 * API (`ContentStack`).
 */
export class ConsoleStack extends Stack {
  readonly bucket: IBucket;
  /** Without a slash at its end. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: StackProps & { config: Config }) {
    super(scope, id, props);
    const { config } = props;
    // The class leaves a property open that its own interface requires.
    this.bucket = new Bucket(this, "Bucket", {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: removalOf(config.sizes),
    }) as IBucket;
    acknowledge(this.bucket, {
      S1: "Only CloudFront reads it, and its files are public; the API logs what is asked of it.",
    });
    this.url = new ConsoleDistribution(this, "Distribution", { config, bucket: this.bucket }).url;
    new CfnOutput(this, "ConsoleUrl", { description: "The console, for people", value: `${this.url}/` });
  }
}
