import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import type { ServiceFunction } from "./service-function.ts";

/**
 * Starts a function each so many minutes, also while a run before is at work. A start that fails is dropped: the next one
 * is near.
 */
export class FunctionSchedule extends Construct {
  constructor(scope: Construct, id: string, target: ServiceFunction, minutes: number) {
    super(scope, id);
    const maxEventAge = Duration.minutes(1);
    target.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge });
    new Rule(this, "Rule", {
      description: `QR service: ${target.node.id}`,
      schedule: Schedule.rate(Duration.minutes(minutes)),
      targets: [new LambdaFunction(target.lambda, { retryAttempts: 0, maxEventAge })],
    });
  }
}
