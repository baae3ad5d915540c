import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import type { ServiceFunction } from "../compute/service-function.ts";

/**
 * Starts the relay each minute, also while a run before is at work: the new one takes over from it. A start that fails is
 * dropped, since the next one is a minute away.
 */
export class RelaySchedule extends Construct {
  constructor(scope: Construct, id: string, relay: ServiceFunction) {
    super(scope, id);
    const maxEventAge = Duration.minutes(1);
    relay.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge });
    new Rule(this, "EachMinute", {
      description: "QR service: relay",
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(relay.lambda, { retryAttempts: 0, maxEventAge })],
    });
  }
}
