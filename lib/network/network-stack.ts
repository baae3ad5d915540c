import { Fn, Stack, type StackProps } from "aws-cdk-lib";
import { GatewayVpcEndpointAwsService, InterfaceVpcEndpointAwsService, type IVpc } from "aws-cdk-lib/aws-ec2";
import { AnyPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Config } from "../config.ts";
import { Firewall } from "./firewall.ts";
import { DATA, PRIVATE, ServiceVpc } from "./service-vpc.ts";

const { SECRETS_MANAGER, LAMBDA, STS } = InterfaceVpcEndpointAwsService;

/** Secrets for the functions, brokers for the relay, and what the event source calls from the brokers' subnets. */
const ENDPOINTS = {
  SecretsManager: SECRETS_MANAGER,
  Kafka: new InterfaceVpcEndpointAwsService("kafka"),
  Lambda: LAMBDA,
  Sts: STS,
};

/**
 * The network, and who may talk to whom in it. It depends on the stage alone: no option changes it, so that no switch
 * takes a path away from a function that has not moved yet.
 */
export class NetworkStack extends Stack {
  readonly vpc: IVpc;
  readonly firewall: Firewall;
  /** By which functions reach buckets of this account. */
  readonly bucketEndpointId: string;

  constructor(scope: Construct, id: string, props: StackProps & { config: Config }) {
    super(scope, id, props);
    const { sizes } = props.config;
    const { interfaceEndpoints } = sizes.network;
    this.vpc = new ServiceVpc(this, "Network", sizes).vpc;
    this.firewall = new Firewall(this, "Firewall", { vpc: this.vpc, endpoints: interfaceEndpoints });
    if (this.firewall.endpoints) this.#addEndpoints(this.firewall.endpoints);
    this.bucketEndpointId = this.#addBuckets();
    this.#exportAll();
  }

  /** The first zones of the region, by their place: looking up their names would take credentials at synthesis. */
  override get availabilityZones(): string[] {
    return [0, 1, 2].map((index) => Fn.select(index, Fn.getAzs()));
  }

  #addEndpoints(group: NonNullable<Firewall["endpoints"]>): void {
    for (const [id, service] of Object.entries(ENDPOINTS)) {
      this.vpc.addInterfaceEndpoint(id, {
        service,
        subnets: { subnetGroupName: PRIVATE },
        securityGroups: [group],
        // The firewall has said who may; the construct's own rule would let in the whole network.
        open: false,
      });
    }
  }

  /**
   * The event source writes failed batches from the brokers' subnets, and functions read the copy of the issuer's keys.
   * The endpoint costs nothing, and leads to buckets
   * of this account alone.
   */
  #addBuckets(): string {
    const endpoint = this.vpc.addGatewayEndpoint("S3", {
      service: GatewayVpcEndpointAwsService.S3,
      subnets: [{ subnetGroupName: PRIVATE }],
    });
    endpoint.addToPolicy(
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions: ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
        resources: ["*"],
        conditions: { StringEquals: { "aws:ResourceAccount": this.account } },
      }),
    );
    return endpoint.vpcEndpointId;
  }

  /** Always exported, whether an option uses it or not: an export that came and went would block the switch back. */
  #exportAll(): void {
    this.exportValue(this.vpc.vpcId);
    for (const subnetGroupName of [PRIVATE, DATA]) {
      for (const subnet of this.vpc.selectSubnets({ subnetGroupName }).subnets) {
        this.exportValue(subnet.subnetId);
        if (subnetGroupName === PRIVATE) this.exportValue(subnet.routeTable.routeTableId);
      }
    }
    this.exportValue(this.bucketEndpointId);
    for (const group of this.firewall.groups) this.exportValue(group.securityGroupId);
  }
}
