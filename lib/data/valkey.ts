import { RemovalPolicy } from "aws-cdk-lib";
import type { IVpc, SecurityGroup } from "aws-cdk-lib/aws-ec2";
import { CfnParameterGroup, CfnReplicationGroup, CfnSubnetGroup } from "aws-cdk-lib/aws-elasticache";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import { PORTS } from "../network/firewall.ts";
import { DATA } from "../network/service-vpc.ts";
import { removalOf, type Stage } from "../stage.ts";

interface ValkeyProps {
  stage: Stage;
  vpc: IVpc;
  securityGroup: SecurityGroup;
}

/** ElastiCache for Valkey: one shard, since the scripts touch several keys at a time. */
export class Valkey extends Construct {
  /** `rediss://…`; TLS with a certificate that Node trusts by itself. */
  readonly url: string;
  readonly id: string;

  constructor(scope: Construct, id: string, { stage, vpc, securityGroup }: ValkeyProps) {
    super(scope, id);
    const { valkey } = stage;
    const replicated = valkey.nodes > 1;
    const subnets = new CfnSubnetGroup(this, "Subnets", {
      description: "QR service: Valkey",
      subnetIds: vpc.selectSubnets({ subnetGroupName: DATA }).subnetIds,
    });
    const parameters = new CfnParameterGroup(this, "Parameters", {
      cacheParameterGroupFamily: "valkey8",
      description: "QR service: evict what is cached, never what is counted",
      // The counters and the outbox have no expiry; a policy that chose among all keys would lose events.
      properties: { "maxmemory-policy": "volatile-lru" },
    });
    const group = new CfnReplicationGroup(this, "Group", {
      replicationGroupDescription: "QR service",
      engine: "valkey",
      engineVersion: "8.0",
      cacheNodeType: valkey.node,
      clusterMode: "disabled",
      numCacheClusters: valkey.nodes,
      automaticFailoverEnabled: replicated,
      multiAzEnabled: replicated,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      atRestEncryptionEnabled: true,
      cacheSubnetGroupName: subnets.ref,
      cacheParameterGroupName: parameters.ref,
      securityGroupIds: [securityGroup.securityGroupId],
      port: PORTS.valkey,
      // The outbox holds scans that are nowhere else yet.
      snapshotRetentionLimit: valkey.snapshotDays,
      autoMinorVersionUpgrade: true,
    });
    group.applyRemovalPolicy(stage.protect ? removalOf(stage) : RemovalPolicy.SNAPSHOT);
    this.url = `rediss://${group.attrPrimaryEndPointAddress}:${group.attrPrimaryEndPointPort}`;
    this.id = group.ref;
    acknowledge(group, {
      AEC6: "Only functions that use Redis are let through to it; a password would be one more secret for the same ones.",
      ...(replicated
        ? {}
        : { AEC4: "A development stage: if its node fails, Postgres answers until it is back." }),
    });
  }
}
