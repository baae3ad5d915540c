import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { triggerNamed } from "../../functions/manifest.ts";
import type { Backends } from "../compute/backends.ts";
import { FunctionSchedule } from "../compute/function-schedule.ts";
import { lineOf } from "../compute/lines.ts";
import { ServiceFunction } from "../compute/service-function.ts";

const EACH_MINUTE = 1;

interface RelayStackProps extends StackProps {
  backends: Backends;
}

/** The relay: from the outbox to Kafka, or without Kafka straight to Postgres. */
export class RelayStack extends Stack {
  readonly functions: ServiceFunction[];

  constructor(scope: Construct, id: string, props: RelayStackProps) {
    super(scope, id, props);
    const { backends } = props;
    const relay = new ServiceFunction(this, "Relay", {
      line: lineOf(triggerNamed("relay"), backends.config),
      backends,
      memoryMb: backends.config.sizes.relay.memoryMb,
    });
    new FunctionSchedule(this, "RelaySchedule", relay, EACH_MINUTE);
    this.functions = [relay];
  }
}
