import { Fn, Stack, type StackProps } from "aws-cdk-lib";
import {
  CfnEIP,
  CfnInternetGateway,
  CfnNatGateway,
  CfnRoute,
  CfnVPCGatewayAttachment,
  type IVpc,
  PublicSubnet,
} from "aws-cdk-lib/aws-ec2";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import { serviceName } from "../compute/service-function.ts";
import type { Config } from "../config.ts";
import { NatInstance } from "./nat-instance.ts";
import { publicRanges } from "./public-ranges.ts";
import { PRIVATE } from "./service-vpc.ts";

const EVERYWHERE = "0.0.0.0/0";

type NextHop = { natGatewayId: string } | { instanceId: string };

/**
 * The way out of the private subnets, which nothing comes in by. A stack of its own, so that it can outlast the last
 * function that needs it, and be deleted then.
 */
export class EgressStack extends Stack {
  /**
   * The parameter that holds the ID of the NAT instance, where the stage has one. An export would not do: a new image
   * replaces the instance, and an export can't change while another stack imports it.
   */
  readonly natInstanceParameter: string | undefined;
  readonly natGatewayIds: string[] = [];

  constructor(scope: Construct, id: string, props: StackProps & { config: Config; vpc: IVpc }) {
    super(scope, id, props);
    const { vpc, config } = props;
    const { network } = config.sizes;
    const publicSubnets = this.#publicSubnets(vpc, config);
    let hops: NextHop[];
    if (network.nat === "gateways") {
      hops = publicSubnets.map((subnet, index) => ({ natGatewayId: this.#natGateway(subnet, index) }));
    } else {
      const [subnet] = publicSubnets as [PublicSubnet];
      const nat = new NatInstance(this, "Nat", { vpc, subnet, network });
      this.natInstanceParameter = `/${serviceName(config.stage)}/nat-instance`;
      new StringParameter(this, "NatInstanceId", {
        parameterName: this.natInstanceParameter,
        stringValue: nat.instanceId,
      });
      hops = publicSubnets.map(() => ({ instanceId: nat.instanceId }));
    }
    for (const [index, subnet] of vpc.selectSubnets({ subnetGroupName: PRIVATE }).subnets.entries()) {
      new CfnRoute(this, `Out${index + 1}`, {
        routeTableId: subnet.routeTable.routeTableId,
        destinationCidrBlock: EVERYWHERE,
        ...(hops[index] as NextHop),
      });
    }
  }

  #publicSubnets(vpc: IVpc, { sizes }: Config): PublicSubnet[] {
    const gateway = new CfnInternetGateway(this, "InternetGateway");
    const attachment = new CfnVPCGatewayAttachment(this, "Attachment", {
      vpcId: vpc.vpcId,
      internetGatewayId: gateway.ref,
    });
    return publicRanges(sizes.network).ranges.map((cidrBlock, index) => {
      const subnet = new PublicSubnet(this, `Public${index + 1}`, {
        vpcId: vpc.vpcId,
        cidrBlock,
        // By its place, as the network's own: the two belong to one zone.
        availabilityZone: Fn.select(index, Fn.getAzs()),
        // A NAT instance is alone in them, and fetches its software before an address could be attached to it.
        mapPublicIpOnLaunch: sizes.network.nat === "instance",
      });
      subnet.addDefaultInternetRoute(gateway.ref, attachment);
      return subnet;
    });
  }

  #natGateway(subnet: PublicSubnet, index: number): string {
    const address = new CfnEIP(this, `Address${index + 1}`, { domain: "vpc" });
    const gateway = new CfnNatGateway(this, `Nat${index + 1}`, {
      subnetId: subnet.subnetId,
      allocationId: address.attrAllocationId,
    });
    gateway.node.addDependency(subnet.internetConnectivityEstablished);
    this.natGatewayIds.push(gateway.ref);
    return gateway.ref;
  }
}
