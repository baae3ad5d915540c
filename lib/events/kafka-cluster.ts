import { Fn } from "aws-cdk-lib";
import type { IVpc, SecurityGroup } from "aws-cdk-lib/aws-ec2";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { CfnCluster, CfnConfiguration } from "aws-cdk-lib/aws-msk";
import { Construct } from "constructs";
import { VARIABLES } from "../../functions/runtime/env.ts";
import type { Cluster } from "../compute/backends.ts";
import { PRIVATE } from "../network/service-vpc.ts";
import { eventsRemovalOf, retentionOf, type Stage } from "../stage.ts";

/** The topic that the functions' own configuration names. */
export const TOPIC = VARIABLES.KAFKA_TOPIC.fallback;
export const CONSUMER_GROUP = "qr-service-persist-scans";

/** What MSK's defaults leave open on standard brokers; Express brokers are safe by themselves. */
const SERVER_PROPERTIES = [
  // A topic created by accident would have the wrong number of partitions.
  "auto.create.topics.enable=false",
  "default.replication.factor=2",
  "min.insync.replicas=1",
  // A replica that lags behind must not take over: it would drop what was acknowledged.
  "unclean.leader.election.enable=false",
].join("\n");

interface KafkaClusterProps {
  name: string;
  stage: Stage;
  vpc: IVpc;
  securityGroup: SecurityGroup;
}

/** Amazon MSK: TLS only, and only who has the right of IAM signs in. */
export class KafkaCluster extends Construct implements Cluster {
  readonly name: string;
  readonly clusterArn: string;
  readonly topicArn: string;
  readonly groupArn: string;

  constructor(scope: Construct, id: string, { name, stage, vpc, securityGroup }: KafkaClusterProps) {
    super(scope, id);
    const { kafka } = stage;
    const logGroup = new LogGroup(this, "Log", {
      retention: retentionOf(stage),
      removalPolicy: eventsRemovalOf(stage),
    });
    const cluster = new CfnCluster(this, "Cluster", {
      clusterName: name,
      kafkaVersion: kafka.version,
      numberOfBrokerNodes: kafka.brokers,
      brokerNodeGroupInfo: {
        instanceType: kafka.instance,
        clientSubnets: vpc.selectSubnets({ subnetGroupName: PRIVATE }).subnetIds,
        securityGroups: [securityGroup.securityGroupId],
        ...(kafka.volumeGiB ? { storageInfo: { ebsStorageInfo: { volumeSize: kafka.volumeGiB } } } : {}),
      },
      clientAuthentication: { sasl: { iam: { enabled: true } }, unauthenticated: { enabled: false } },
      encryptionInfo: { encryptionInTransit: { clientBroker: "TLS", inCluster: true } },
      loggingInfo: { brokerLogs: { cloudWatchLogs: { enabled: true, logGroup: logGroup.logGroupName } } },
      ...(kafka.volumeGiB ? { configurationInfo: this.#configuration(name) } : {}),
    });
    cluster.applyRemovalPolicy(eventsRemovalOf(stage));
    this.name = name;
    this.clusterArn = cluster.attrArn;
    this.topicArn = within(cluster.attrArn, "topic", TOPIC);
    this.groupArn = within(cluster.attrArn, "group", CONSUMER_GROUP);
  }

  /** For any version, since its versions can't be changed. Other properties make a new revision, which brokers take. */
  #configuration(name: string): CfnCluster.ConfigurationInfoProperty {
    const configuration = new CfnConfiguration(this, "Configuration", {
      name,
      serverProperties: SERVER_PROPERTIES,
    });
    return { arn: configuration.attrArn, revision: configuration.attrLatestRevisionRevision };
  }
}

/** `arn:…:cluster/<name>/<uuid>` with another kind of resource in it, as IAM for Kafka names them. */
function within(clusterArn: string, kind: "topic" | "group", name: string): string {
  const [prefix, cluster, uuid] = [0, 1, 2].map((index) => Fn.select(index, Fn.split("/", clusterArn)));
  return Fn.join("", [
    Fn.select(0, Fn.split(":cluster", prefix as string)),
    `:${kind}/`,
    cluster as string,
    "/",
    uuid as string,
    `/${name}`,
  ]);
}
