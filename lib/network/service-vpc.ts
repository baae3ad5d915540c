import { RemovalPolicy } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { retentionOf, type Stage } from "../stage.ts";
import { publicRanges } from "./public-ranges.ts";

/** Where functions and brokers are. */
export const PRIVATE = "private";
/** Where the database and Valkey are: no route leads out of it. */
export const DATA = "data";

/** The network without a way out: private subnets, and ones for data. The same for every choice of options. */
export class ServiceVpc extends Construct {
  readonly vpc: ec2.IVpc;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    const { network } = stage;
    const vpc = new ec2.Vpc(this, "Vpc", {
      ipAddresses: ec2.IpAddresses.cidr(network.cidr),
      maxAzs: network.availabilityZones,
      natGateways: 0,
      // The default group allows its members to talk to each other, and nothing is ever a member. Closing it takes a
      // function with rights to change security groups.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        // The egress stack's, where there is one. Reserved in any case: every range after it would move otherwise.
        {
          name: "public",
          subnetType: ec2.SubnetType.PUBLIC,
          cidrMask: publicRanges(network).mask,
          reserved: true,
        },
        {
          name: PRIVATE,
          subnetType: ec2.SubnetType.PRIVATE_ISOLATED,
          // A sandbox shares its network interface with others of the same groups, so that 1,000 addresses last.
          cidrMask: 22,
        },
        { name: DATA, subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 26 },
      ],
    });
    this.vpc = vpc as ec2.IVpc;
    this.#recordRefusedTraffic(stage);
  }

  /** What a security group refused is worth a look; what it let through is counted elsewhere. */
  #recordRefusedTraffic(stage: Stage): void {
    const logGroup = new LogGroup(this, "RefusedTraffic", {
      retention: retentionOf(stage),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.vpc.addFlowLog("FlowLog", {
      destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup),
      trafficType: ec2.FlowLogTrafficType.REJECT,
    });
  }
}
