import { type IVpc, Peer, Port, SecurityGroup } from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";

/** Ports by whom they lead to. */
export const PORTS = { postgres: 5432, valkey: 6379, kafkaIam: 9098 } as const;

/** What a function may be let through to. `database` is the database itself where a proxy stands in front. */
export type Destination = "postgres" | "database" | "redis" | "kafka" | "aws";

interface FirewallProps {
  vpc: IVpc;
  /** Whether AWS's APIs have endpoints in the network; without, they are reached over the internet. */
  endpoints: boolean;
}

/**
 * All security groups and all rules between them, for every option: they cost nothing, and a rule
 * of an unused option has no peer. A function gets one group for each resource it uses; one without a group
 * reaches nothing. They stand together, since a rule names two groups and no stack may know both of its neighbours.
 */
export class Firewall extends Construct {
  readonly clients: Record<Destination, SecurityGroup>;
  readonly database: SecurityGroup;
  readonly proxy: SecurityGroup;
  readonly valkey: SecurityGroup;
  readonly brokers: SecurityGroup;
  readonly endpoints: SecurityGroup | undefined;
  readonly groups: SecurityGroup[] = [];

  readonly #vpc: IVpc;

  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    this.#vpc = props.vpc;
    this.database = this.#group("Database", "the database");
    this.brokers = this.#group("Brokers", "the brokers");
    this.proxy = this.#group("Proxy", "the proxy of the database");
    this.valkey = this.#group("Valkey", "Valkey");
    this.endpoints = props.endpoints ? this.#group("Endpoints", "the endpoints of AWS APIs") : undefined;
    this.clients = {
      postgres: this.#group("PostgresClient", "functions that use Postgres"),
      database: this.#group("DatabaseClient", "functions that change the schema, past the proxy"),
      redis: this.#group("RedisClient", "functions that use Redis"),
      kafka: this.#group("KafkaClient", "functions that use Kafka"),
      aws: this.#group("AwsClient", "functions that read secrets or cluster metadata"),
    };
    this.#connect();
  }

  #connect(): void {
    const { clients } = this;
    allow(clients.postgres, this.database, PORTS.postgres);
    allow(clients.postgres, this.proxy, PORTS.postgres);
    allow(this.proxy, this.database, PORTS.postgres);
    allow(clients.database, this.database, PORTS.postgres);
    allow(clients.redis, this.valkey, PORTS.valkey);
    // Its addresses change. Where there is no egress, no route leads there.
    allowHttpsAnywhere(clients.redis, "Upstash");
    allow(clients.kafka, this.brokers, PORTS.kafkaIam);
    // The event source polls from network interfaces in the brokers' own group, calls Lambda and STS, and writes to S3
    // by its gateway, whose addresses are outside the network.
    allow(this.brokers, this.brokers, PORTS.kafkaIam);
    allowHttpsAnywhere(this.brokers, this.endpoints ? "S3" : "AWS APIs");
    for (const group of [clients.aws, this.proxy, ...(this.endpoints ? [this.brokers] : [])]) {
      if (this.endpoints) allow(group, this.endpoints, 443);
      else allowHttpsAnywhere(group, "AWS APIs");
    }
  }

  #group(id: string, what: string): SecurityGroup {
    const group = new SecurityGroup(this, id, {
      vpc: this.#vpc,
      description: `QR service: ${what}`,
      allowAllOutbound: false,
    });
    this.groups.push(group);
    return group;
  }
}

function allow(from: SecurityGroup, to: SecurityGroup, port: number): void {
  // Both ends, also where they are the same: `connections.allowTo` would leave out a group's way to itself.
  from.addEgressRule(to, Port.tcp(port), `port ${port}`);
  to.addIngressRule(from, Port.tcp(port), `port ${port}`);
}

function allowHttpsAnywhere(from: SecurityGroup, to: string): void {
  from.addEgressRule(Peer.anyIpv4(), Port.HTTPS, `HTTPS to ${to}`);
}
