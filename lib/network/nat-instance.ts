import * as ec2 from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import type { Stage } from "../stage.ts";

/** Of Amazon Linux 2023. */
const ROOT_DEVICE = "/dev/xvda";

/** A deploy waits this long for the instance to say that it forwards. */
const READY_WITHIN = "PT10M";

/**
 * Makes the instance forward what comes from the private subnets, at its start and after each later one. The swap file
 * comes first: the package manager does not fit into the 512 MB of the smallest instance.
 */
const SETUP = [
  "set -euo pipefail",
  "dd if=/dev/zero of=/swapfile bs=1M count=1024 status=none",
  "chmod 600 /swapfile",
  "mkswap /swapfile",
  "swapon /swapfile",
  "echo '/swapfile none swap defaults 0 0' >> /etc/fstab",
  "dnf install -y nftables",
  "echo 'net.ipv4.ip_forward = 1' > /etc/sysctl.d/90-nat.conf",
  "sysctl --system",
  "cat > /etc/sysconfig/nftables.conf <<'RULES'",
  "table ip nat {",
  "  chain postrouting {",
  "    type nat hook postrouting priority srcnat;",
  "    masquerade",
  "  }",
  "}",
  "RULES",
  "systemctl enable --now nftables",
];

interface NatInstanceProps {
  vpc: ec2.IVpc;
  subnet: ec2.PublicSubnet;
  network: Stage["network"];
}

/** One small instance in place of a NAT gateway, for a fraction of its price. EC2 recovers it if its host fails. */
export class NatInstance extends Construct {
  readonly instanceId: string;

  constructor(scope: Construct, id: string, { vpc, subnet, network }: NatInstanceProps) {
    super(scope, id);
    const securityGroup = new ec2.SecurityGroup(this, "Group", {
      vpc,
      description: "QR service: the NAT instance",
      allowAllOutbound: true,
    });
    // Encrypted traffic from inside, and nothing else: Upstash and AWS's APIs speak HTTPS.
    securityGroup.addIngressRule(
      ec2.Peer.ipv4(network.cidr),
      ec2.Port.HTTPS,
      "HTTPS from the private subnets",
    );
    const userData = ec2.UserData.forLinux();
    const instance = new ec2.Instance(this, "Instance", {
      vpc,
      vpcSubnets: { subnets: [subnet] },
      availabilityZone: subnet.availabilityZone,
      securityGroup,
      instanceType: new ec2.InstanceType(network.natInstance),
      // Resolved by CloudFormation, so that a deploy takes the newest image and synthesis looks nothing up. The new
      // instance forwards before the route moves to it.
      machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 }),
      userData,
      sourceDestCheck: false,
      requireImdsv2: true,
      blockDevices: [
        {
          deviceName: ROOT_DEVICE,
          volume: ec2.BlockDeviceVolume.ebs(8, { encrypted: true, volumeType: ec2.EbsDeviceVolumeType.GP3 }),
        },
      ],
    });
    instance.node.addDependency(subnet.internetConnectivityEstablished);
    userData.addSignalOnExitCommand(instance);
    userData.addCommands(...SETUP);
    // One that does not come up fails the deploy, rather than every function behind it.
    instance.instance.cfnOptions.creationPolicy = { resourceSignal: { count: 1, timeout: READY_WITHIN } };
    this.instanceId = instance.instanceId;
    acknowledge(instance, {
      EC28: "Five minutes' metrics do: its alarm waits for two of them.",
      EC29: "It holds nothing: whoever deletes it gets the same one from the next deploy.",
    });
  }
}
