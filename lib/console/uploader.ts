import { Stack } from "aws-cdk-lib";
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { CfnBucket, IBucket } from "aws-cdk-lib/aws-s3";
import type { ISource } from "aws-cdk-lib/aws-s3-deployment";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import { removalOf, retentionOf, type Stage } from "../stage.ts";

interface UploaderProps {
  stage: Stage;
  to: IBucket;
  /** What it writes there: names, or a folder with `/*`. */
  objects: string[];
}

/**
 * What the CDK's function that copies files into a bucket may do: read what it is to copy, and list and write. It deletes
 * nothing. Its rights are in the role itself, which is there before the function: a policy beside it might come later.
 */
export class Uploader extends Construct {
  readonly role: IRole;
  readonly log: LogGroup;
  readonly #rights: PolicyDocument;

  constructor(scope: Construct, id: string, { stage, to, objects }: UploaderProps) {
    super(scope, id);
    this.log = new LogGroup(this, "Log", {
      retention: retentionOf(stage),
      removalPolicy: removalOf(stage),
    });
    const allow = (actions: string[], ...resources: string[]) => new PolicyStatement({ actions, resources });
    this.#rights = new PolicyDocument({
      statements: [
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], this.log.logGroupArn),
        allow(["s3:ListBucket"], to.bucketArn),
        allow(["s3:PutObject"], ...objects.map((name) => to.arnForObjects(name))),
      ],
    });
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      inlinePolicies: { upload: this.#rights },
    });
    this.role = role.withoutPolicyUpdates();
    const bucketId = Stack.of(to).getLogicalId(to.node.defaultChild as CfnBucket);
    const reasons = objects
      .filter((name) => name.endsWith("*"))
      .map((name) => [
        `IAM5[Resource::<${bucketId}.Arn>/${name}]`,
        "The files' names hold hashes, which are new with each build.",
      ]);
    acknowledge(role, Object.fromEntries(reasons));
  }

  /** Something to copy, which it may read from then on. */
  source(source: ISource): ISource {
    const bound = source.bind(this, { handlerRole: this.role });
    this.#rights.addStatements(
      new PolicyStatement({
        actions: ["s3:GetObject"],
        resources: [bound.bucket.arnForObjects(bound.zipObjectKey)],
      }),
    );
    return { bind: () => bound };
  }
}
