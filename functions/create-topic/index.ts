import kafkajs from "kafkajs";
import { triggers } from "../routes.ts";
import { readEnv, required } from "../shared/env.ts";
import { createTopic } from "../shared/events/create-topic.ts";
import { kafkaConfig } from "../shared/events/kafka-config.ts";
import { createLog } from "../shared/telemetry/log.ts";

/** Enough for a consumer each at 10,000 scans a second; more can be added later, fewer can't. */
const PARTITIONS = 12;

const env = readEnv(triggers.find(({ name }) => name === "create-topic")?.uses ?? []);

/** Makes the events' topic, at deploy. The brokers decide how often it is replicated. */
export async function handler(): Promise<void> {
  const log = createLog(required(env, "LOG_LEVEL"));
  const kafka = new kafkajs.Kafka(await kafkaConfig(env, "qr-service-create-topic", log));
  await createTopic(kafka, required(env, "KAFKA_TOPIC"), { partitions: PARTITIONS, replication: -1 });
}
