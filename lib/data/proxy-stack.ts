import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { serviceName } from "../compute/service-function.ts";
import type { Config } from "../config.ts";
import type { NetworkStack } from "../network/network-stack.ts";
import type { DataStack } from "./data-stack.ts";
import { DatabaseProxy } from "./database-proxy.ts";

interface ProxyStackProps extends StackProps {
  config: Config;
  network: NetworkStack;
  data: DataStack;
}

/** The proxy in a stack of its own, which outlasts the last function that uses it, and is deleted then. */
export class ProxyStack extends Stack {
  readonly host: string;

  constructor(scope: Construct, id: string, props: ProxyStackProps) {
    super(scope, id, props);
    const { config, data } = props;
    const { vpc, firewall } = props.network;
    const { endpoint } = new DatabaseProxy(this, "DatabaseProxy", {
      name: serviceName(config.stage),
      database: data.database,
      // Not the owner's: migrations go past it.
      secrets: Object.values(data.roles),
      vpc,
      securityGroup: firewall.proxy,
    });
    this.host = endpoint;
  }
}
