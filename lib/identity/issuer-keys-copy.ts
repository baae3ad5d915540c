import { Stack } from "aws-cdk-lib";
import { AnyPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import type { Grant } from "../compute/grants.ts";
import { removalOf, type Stage } from "../stage.ts";

const OBJECT = "keys.json";

interface IssuerKeysCopyProps {
  stage: Stage;
  /** The network's way to S3. */
  endpointId: string;
}

/**
 * Where the issuer's keys are copied for functions whose network has no way to it. They are public, so that functions read them
 * without a signature and without a right of their own; but by the network's own endpoint alone, and only the copier writes.
 */
export class IssuerKeysCopy extends Construct {
  readonly bucket: Bucket;
  readonly url: string;
  /** The copier's rights. */
  readonly grants: Grant[];

  constructor(scope: Construct, id: string, { stage, endpointId }: IssuerKeysCopyProps) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      encryption: BucketEncryption.S3_MANAGED,
      // A policy for one endpoint of the network counts as none for the public:
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: removalOf(stage),
    });
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions: ["s3:GetObject"],
        resources: [this.bucket.arnForObjects(OBJECT)],
        conditions: { StringEquals: { "aws:SourceVpce": endpointId } },
      }),
    );
    const { region, urlSuffix } = Stack.of(this);
    this.url = `https://${this.bucket.bucketName}.s3.${region}.${urlSuffix}/${OBJECT}`;
    this.grants = [
      { actions: ["s3:GetObject", "s3:PutObject"], resources: [this.bucket.arnForObjects(OBJECT)] },
      // Without it S3 says 403 rather than 404 while there is no copy.
      { actions: ["s3:ListBucket"], resources: [this.bucket.bucketArn] },
    ];
    acknowledge(this.bucket, {
      S1: "It holds public keys, which anybody reads at the issuer.",
    });
  }
}
