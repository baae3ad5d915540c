import { ArnFormat, Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import { removalOf, type Stage } from "../stage.ts";

/** Where all alarms go. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { stage, email }: { stage: Stage; email?: string }) {
    super(scope, id);
    // AWS's own key for topics does not let CloudWatch write to them.
    const key = new Key(this, "Key", {
      description: "QR service: alarms",
      enableKeyRotation: true,
      removalPolicy: removalOf(stage),
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
        // Of the key itself: its policy can name nothing else.
        resources: ["*"],
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
    this.topic = new Topic(this, "Topic", { displayName: "QR service", masterKey: key, enforceSSL: true });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.topic.topicArn],
        conditions: { ArnLike: { "aws:SourceArn": this.#alarmsOfThisAccount() } },
      }),
    );
    if (email) this.topic.addSubscription(new EmailSubscription(email));
  }

  #alarmsOfThisAccount(): string {
    return Stack.of(this).formatArn({
      service: "cloudwatch",
      resource: "alarm",
      resourceName: "qr-*",
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}
