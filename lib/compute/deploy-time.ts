import { Duration } from "aws-cdk-lib";
import { Trigger } from "aws-cdk-lib/triggers";
import type { Construct } from "constructs";
import type { FunctionLine } from "./backends.ts";
import type { ServiceFunction } from "./service-function.ts";

/** Calls a function while its stack is deployed, whenever its code or configuration has changed; a failure rolls back. */
export function runAtDeploy(
  scope: Construct,
  target: ServiceFunction,
  line: FunctionLine,
  after: Construct[],
): Trigger {
  return new Trigger(scope, "AtDeploy", {
    handler: target.lambda,
    timeout: Duration.seconds(line.timeoutS),
    executeAfter: after,
  });
}
