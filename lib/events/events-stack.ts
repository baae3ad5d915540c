import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { type TriggerName, triggerNamed } from "../../functions/manifest.ts";
import type { Backends } from "../compute/backends.ts";
import { runAtDeploy } from "../compute/deploy-time.ts";
import type { Grant } from "../compute/grants.ts";
import { ServiceFunction, serviceName } from "../compute/service-function.ts";
import { eventsRemovalOf } from "../stage.ts";
import { FailedBatches } from "./failed-batches.ts";
import { KafkaCluster } from "./kafka-cluster.ts";
import { ScanConsumer } from "./scan-consumer.ts";

interface EventsStackProps extends StackProps {
  backends: Backends;
}

/** Kafka, and what reads from it: the cluster, its topic and the consumer. */
export class EventsStack extends Stack {
  readonly cluster: KafkaCluster;
  readonly failedBatches: FailedBatches;
  readonly functions: ServiceFunction[];

  readonly #backends: Backends;

  constructor(scope: Construct, id: string, props: EventsStackProps) {
    super(scope, id, props);
    const { config, vpc, firewall } = props.backends;
    const stage = config.sizes;
    this.cluster = new KafkaCluster(this, "Kafka", {
      name: serviceName(config.stage),
      stage,
      vpc,
      securityGroup: firewall.brokers,
    });
    this.#backends = { ...props.backends, cluster: this.cluster };
    this.failedBatches = new FailedBatches(this, "FailedBatches", stage);
    const createTopic = this.#function("CreateTopic", "create-topic");
    const persistScans = this.#function("PersistScans", "persist-scans", this.failedBatches.grants);
    this.functions = [createTopic, persistScans];

    const topic = runAtDeploy(this, createTopic, triggerNamed("create-topic"), [this.cluster]);
    const consumer = new ScanConsumer(this, "ScanConsumer", {
      stage,
      cluster: this.cluster,
      persistScans,
      failedBatches: this.failedBatches,
    });
    consumer.node.addDependency(topic);
  }

  #function(id: string, name: TriggerName, grants: Grant[] = []): ServiceFunction {
    const backends = this.#backends;
    const removal = eventsRemovalOf(backends.config.sizes);
    return new ServiceFunction(this, id, { line: triggerNamed(name), backends, grants, removal });
  }
}
