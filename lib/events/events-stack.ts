import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { type TriggerName, triggerNamed } from "../../functions/manifest.ts";
import type { Backends } from "../compute/backends.ts";
import { runAtDeploy } from "../compute/deploy-time.ts";
import type { Grant } from "../compute/grants.ts";
import { ServiceFunction } from "../compute/service-function.ts";
import { RELAY_CONCURRENCY, stages } from "../stages.ts";
import { FailedBatches } from "./failed-batches.ts";
import { KafkaCluster } from "./kafka-cluster.ts";
import { RelaySchedule } from "./relay-schedule.ts";
import { ScanConsumer } from "./scan-consumer.ts";

interface EventsStackProps extends StackProps {
  backends: Backends;
}

/** From the outbox to Postgres: the relay, the topic and the consumer. */
export class EventsStack extends Stack {
  readonly cluster: KafkaCluster;
  readonly failedBatches: FailedBatches;
  readonly functions: ServiceFunction[];

  readonly #backends: Backends;

  constructor(scope: Construct, id: string, props: EventsStackProps) {
    super(scope, id, props);
    const { config, vpc, firewall } = props.backends;
    const stage = stages[config.stage];
    this.cluster = new KafkaCluster(this, "Kafka", {
      name: `qr-${config.stage}`,
      stage,
      vpc,
      securityGroup: firewall.brokers,
    });
    this.#backends = { ...props.backends, cluster: this.cluster };
    this.failedBatches = new FailedBatches(this, "FailedBatches", stage);
    const createTopic = this.#function("CreateTopic", "create-topic");
    const relay = this.#function("Relay", "relay", { reservedConcurrency: RELAY_CONCURRENCY });
    const persistScans = this.#function("PersistScans", "persist-scans", {
      grants: this.failedBatches.grants,
    });
    this.functions = [createTopic, relay, persistScans];

    const topic = runAtDeploy(this, createTopic, triggerNamed("create-topic"), [this.cluster]);
    const consumer = new ScanConsumer(this, "ScanConsumer", {
      stage,
      cluster: this.cluster,
      persistScans,
      failedBatches: this.failedBatches,
    });
    consumer.node.addDependency(topic);
    new RelaySchedule(this, "RelaySchedule", relay).node.addDependency(topic);
  }

  #function(
    id: string,
    name: TriggerName,
    options: { reservedConcurrency?: number; grants?: Grant[] } = {},
  ): ServiceFunction {
    return new ServiceFunction(this, id, { line: triggerNamed(name), backends: this.#backends, ...options });
  }
}
