import kafkajs from "kafkajs";
import { createTopic } from "../../data/kafka/create-topic.ts";
import { usesOf } from "../manifest.ts";
import { readEnv, required } from "../runtime/env.ts";
import { kafkaConfig } from "../runtime/kafka-config.ts";
import { createLog } from "../runtime/log.ts";

/** Enough for a consumer each at 10,000 scans a second; more can be added later, fewer can't. */
const PARTITIONS = 12;

const env = readEnv(usesOf("create-topic"));

/** Makes the events' topic, at deploy. The brokers decide how often it is replicated. */
export async function handler(): Promise<void> {
  const log = createLog(required(env, "LOG_LEVEL"));
  const kafka = new kafkajs.Kafka(await kafkaConfig(env, "qr-service-create-topic", log));
  await createTopic(kafka, required(env, "KAFKA_TOPIC"), { partitions: PARTITIONS, replication: -1 });
}
