import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { Config } from "../config.ts";
import type { NetworkStack } from "../network/network-stack.ts";
import { Valkey } from "./valkey.ts";

interface ValkeyStackProps extends StackProps {
  config: Config;
  network: NetworkStack;
}

/** Valkey in a stack of its own, which outlasts the last function that uses it, and is deleted then. */
export class ValkeyStack extends Stack {
  readonly valkey: Valkey;

  constructor(scope: Construct, id: string, props: ValkeyStackProps) {
    super(scope, id, props);
    const { vpc, firewall } = props.network;
    this.valkey = new Valkey(this, "Valkey", {
      stage: props.config.sizes,
      vpc,
      securityGroup: firewall.valkey,
    });
  }
}
