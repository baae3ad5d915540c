import { Duration } from "aws-cdk-lib";
import type { IVpc, SecurityGroup } from "aws-cdk-lib/aws-ec2";
import * as rds from "aws-cdk-lib/aws-rds";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { PORTS } from "../network/firewall.ts";
import { DATA } from "../network/service-vpc.ts";
import { type Database, ENGINE } from "./database.ts";

interface DatabaseProxyProps {
  /** Of the proxy, which is one of its region's: two stages stand beside each other. */
  name: string;
  database: Database;
  /** Of the users that it lets in. */
  secrets: ISecret[];
  vpc: IVpc;
  securityGroup: SecurityGroup;
}

/**
 * RDS Proxy: many sandboxes share few connections, and a failover takes seconds. It refuses clients that set anything when
 * they connect, and runs no initial query for PostgreSQL: its sessions are bounded by the database's parameter group.
 */
export class DatabaseProxy extends Construct {
  readonly endpoint: string;

  constructor(
    scope: Construct,
    id: string,
    { name, database, secrets, vpc, securityGroup }: DatabaseProxyProps,
  ) {
    super(scope, id);
    const proxy = new rds.DatabaseProxy(this, "Proxy", {
      dbProxyName: name,
      proxyTarget: rds.ProxyTarget.fromInstance(this.#target(database)),
      secrets,
      vpc,
      vpcSubnets: { subnetGroupName: DATA },
      securityGroups: [securityGroup],
      requireTLS: true,
      // The functions know the password anyway; a second way in would be one more to guard.
      iamAuth: false,
      // Migrations and administrators connect directly, not through the proxy.
      maxConnectionsPercent: 90,
      // Shorter than a person waits for a page: the caller's own deadline has passed by then.
      borrowTimeout: Duration.seconds(3),
    });
    this.endpoint = proxy.endpoint;
  }

  /** The instance without its firewall: who may talk to it is said in another stack, which must not depend on this. */
  #target({ instance }: Database): rds.IDatabaseInstance {
    return rds.DatabaseInstance.fromDatabaseInstanceAttributes(this, "Target", {
      instanceIdentifier: instance.instanceIdentifier,
      instanceEndpointAddress: instance.dbInstanceEndpointAddress,
      port: PORTS.postgres,
      engine: ENGINE,
      securityGroups: [],
    });
  }
}
