import { RemovalPolicy } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import { retentionOf, type Stage } from "../stage.ts";

/** Where functions and brokers are. */
export const PRIVATE = "private";
/** Where the database and Valkey are: no route leads out of it. */
export const DATA = "data";

/** Of Amazon Linux 2023. */
const ROOT_DEVICE = "/dev/xvda";

interface ServiceVpcProps {
  stage: Stage;
  /** Whether anything in the private subnets has to reach the internet, or AWS's public endpoints. */
  internet: boolean;
}

/** The network: public subnets for the NAT alone, private ones, and ones for data. */
export class ServiceVpc extends Construct {
  readonly vpc: ec2.IVpc;

  constructor(scope: Construct, id: string, { stage, internet }: ServiceVpcProps) {
    super(scope, id);
    const { network } = stage;
    const nat = internet && network.nat === "instance" ? natInstance() : undefined;
    const vpc = new ec2.Vpc(this, "Vpc", {
      ipAddresses: ec2.IpAddresses.cidr(network.cidr),
      maxAzs: network.availabilityZones,
      natGateways: !internet ? 0 : nat ? 1 : network.availabilityZones,
      ...(nat ? { natGatewayProvider: nat } : {}),
      // The default group allows its members to talk to each other, and nothing is ever a member. Closing it takes a
      // function with rights to change security groups.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        ...(internet
          ? [{ name: "public", subnetType: ec2.SubnetType.PUBLIC, cidrMask: 26, mapPublicIpOnLaunch: false }]
          : []),
        {
          name: PRIVATE,
          subnetType: internet ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED,
          // A sandbox shares its network interface with others of the same groups, so that 1,000 addresses last.
          cidrMask: 22,
        },
        { name: DATA, subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 26 },
      ],
    });
    this.vpc = vpc as ec2.IVpc;
    if (nat) this.#openNat(nat, network.cidr);
    this.#recordRefusedTraffic(stage);
  }

  /** Encrypted traffic from inside, and nothing else: Upstash and AWS's APIs speak HTTPS. */
  #openNat(nat: ec2.NatInstanceProviderV2, cidr: string): void {
    nat.connections.allowFrom(ec2.Peer.ipv4(cidr), ec2.Port.HTTPS, "HTTPS from the private subnets");
    for (const instance of nat.gatewayInstances) {
      (instance.node.defaultChild as ec2.CfnInstance).blockDeviceMappings = [
        { deviceName: ROOT_DEVICE, ebs: { encrypted: true, volumeType: "gp3" } },
      ];
      acknowledge(instance, {
        EC28: "A NAT instance of a development stage; five minutes' metrics do.",
        EC29: "It holds nothing: whoever deletes it gets the same one from the next deploy.",
      });
    }
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

function natInstance(): ec2.NatInstanceProviderV2 {
  return ec2.NatProvider.instanceV2({
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.NANO),
    // Resolved by CloudFormation, so that a deploy takes the newest image and synthesis looks nothing up.
    machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 }),
    defaultAllowedTraffic: ec2.NatTrafficDirection.OUTBOUND_ONLY,
    associatePublicIpAddress: true,
  });
}
