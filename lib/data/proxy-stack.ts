import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { serviceName } from "../compute/service-function.ts";
import type { Config } from "../config.ts";
import type { NetworkStack } from "../network/network-stack.ts";
import { type Database, databaseUrl } from "./database.ts";
import { DatabaseProxy } from "./database-proxy.ts";

interface ProxyStackProps extends StackProps {
  config: Config;
  network: NetworkStack;
  database: Database;
}

/** The proxy in a stack of its own, which outlasts the last function that uses it, and is deleted then. */
export class ProxyStack extends Stack {
  readonly url: string;

  constructor(scope: Construct, id: string, props: ProxyStackProps) {
    super(scope, id, props);
    const { config, database } = props;
    const { vpc, firewall } = props.network;
    const { endpoint } = new DatabaseProxy(this, "DatabaseProxy", {
      name: serviceName(config.stage),
      database,
      vpc,
      securityGroup: firewall.proxy,
    });
    this.url = databaseUrl(endpoint);
  }
}
