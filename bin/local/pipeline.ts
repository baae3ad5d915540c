import kafkajs, { type Kafka } from "kafkajs";
import { createTopic } from "../../data/kafka/create-topic.ts";
import { inProcessTopic } from "../../data/kafka/in-process-topic.ts";
import { kafkaPublisher } from "../../data/kafka/kafka-publisher.ts";
import type { Publisher } from "../../data/kafka/publisher.ts";
import { streamLength } from "../../data/redis/outbox-stream.ts";
import { createHandler as createPersistScans } from "../../functions/persist-scans/handler.ts";
import { housekeep, keptMonths } from "../../functions/relay/housekeep.ts";
import { runRelay } from "../../functions/relay/relay.ts";
import { required } from "../../functions/runtime/env.ts";
import { kafkaConfig } from "../../functions/runtime/kafka-config.ts";
import type { Services } from "../../functions/runtime/services.ts";
import { startConsumer } from "./consumer.ts";
import type { Load } from "./load.ts";
import type { Teardown } from "./teardown.ts";
import { yieldingPublisher } from "./yielding-publisher.ts";

const HOUSEKEEPING_MS = 3_600_000;

/** Partitions of the topic where this process has to make it. */
const PARTITIONS = 3;

export interface PipelinePlace {
  /** What the line for the terminal calls this process. */
  place: string;
  /** See `RelayOptions`. */
  holder?: string;
  /** Handed the function that is to be told how much the gateway has to do, where that is another process. */
  yieldTo?: (setLoad: (load: Load) => void) => void;
}

/**
 * Runs the relay and the consumer in this process: over Kafka where the environment names brokers, else from hand to
 * hand.
 *
 * @returns one line for the person at the terminal
 * @throws Error if Kafka is named and does not answer
 */
export async function startPipeline(
  services: Services,
  teardown: Teardown,
  { place, holder, yieldTo }: PipelinePlace = { place: "this process" },
): Promise<string> {
  const { env, log } = services;
  const kept = keptMonths(env);
  await housekeep(services, kept);
  const timer = setInterval(() => void housekeep(services, kept), HOUSEKEEPING_MS).unref();
  teardown.add(async () => clearInterval(timer));

  const topic = required(env, "KAFKA_TOPIC");
  const persistScans = createPersistScans(services);
  let publisher: Publisher;
  if (env.KAFKA_BROKERS) {
    const kafka = new kafkajs.Kafka(await kafkaConfig(env, "qr-service-local", log));
    await makeTopic(kafka, topic);
    const consumer = await startConsumer(kafka, topic, "qr-service-persist-scans", persistScans);
    teardown.add(() => consumer.disconnect());
    publisher = kafkaPublisher(kafka, topic);
  } else {
    publisher = inProcessTopic(topic, persistScans);
  }

  const stopping = new AbortController();
  const { signal } = stopping;
  const outboxMaxLength = Number(required(env, "OUTBOX_MAX_LENGTH"));
  if (yieldTo) {
    const backlog = () => streamLength(services.redis);
    const yielding = yieldingPublisher(publisher, { backlog, outboxMaxLength, signal });
    yieldTo(yielding.setLoad);
    publisher = yielding;
  }
  const relay = runRelay(services, publisher, {
    outboxMaxLength,
    signal,
    idleMs: Number.POSITIVE_INFINITY,
    holder,
  });
  teardown.add(async () => {
    stopping.abort();
    await relay;
    await publisher.close();
  });
  return env.KAFKA_BROKERS
    ? `Events: Kafka at ${env.KAFKA_BROKERS}, topic ${topic}; relay and consumer run in ${place}`
    : `Events: handed to the consumer in ${place} (no KAFKA_BROKERS)`;
}

async function makeTopic(kafka: Kafka, topic: string): Promise<void> {
  try {
    await createTopic(kafka, topic, { partitions: PARTITIONS, replication: -1 });
  } catch (error) {
    throw new Error(`Kafka can't be used: ${(error as Error).message}`, { cause: error });
  }
}
