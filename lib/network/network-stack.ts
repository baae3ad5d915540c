import { Fn, Stack, type StackProps } from "aws-cdk-lib";
import { InterfaceVpcEndpointAwsService, type IVpc } from "aws-cdk-lib/aws-ec2";
import type { Construct } from "constructs";
import type { Config } from "../config.ts";
import { stages } from "../stages.ts";
import { Firewall } from "./firewall.ts";
import { PRIVATE, ServiceVpc } from "./service-vpc.ts";

const { SECRETS_MANAGER, LAMBDA, STS } = InterfaceVpcEndpointAwsService;

/** Secrets for the functions, brokers for the relay, and what the event source calls from the brokers' subnets. */
const ENDPOINTS = {
  SecretsManager: SECRETS_MANAGER,
  Kafka: new InterfaceVpcEndpointAwsService("kafka"),
  Lambda: LAMBDA,
  Sts: STS,
};

/** The network, and who may talk to whom in it. */
export class NetworkStack extends Stack {
  readonly vpc: IVpc;
  readonly firewall: Firewall;

  constructor(scope: Construct, id: string, props: StackProps & { config: Config }) {
    super(scope, id, props);
    const { config } = props;
    const stage = stages[config.stage];
    const { interfaceEndpoints } = stage.network;
    const internet = config.redis === "upstash" || !interfaceEndpoints;
    this.vpc = new ServiceVpc(this, "Network", { stage, internet }).vpc;
    this.firewall = new Firewall(this, "Firewall", {
      vpc: this.vpc,
      proxy: config.proxy,
      valkey: config.redis === "valkey",
      endpoints: interfaceEndpoints,
    });
    if (this.firewall.endpoints) this.#addEndpoints(this.firewall.endpoints);
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
}
