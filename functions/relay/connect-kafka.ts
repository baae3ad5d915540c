import kafkajs from "kafkajs";
import { kafkaPublisher } from "../../data/kafka/kafka-publisher.ts";
import type { Publisher } from "../../data/kafka/publisher.ts";
import { required } from "../runtime/env.ts";
import { kafkaConfig } from "../runtime/kafka-config.ts";
import type { Services } from "../runtime/services.ts";

/** Publishes to the topic of the environment. @throws EnvironmentError if it names no brokers */
export async function connectKafka({ env, log }: Services): Promise<Publisher> {
  const kafka = new kafkajs.Kafka(await kafkaConfig(env, "qr-service-relay", log));
  return kafkaPublisher(kafka, required(env, "KAFKA_TOPIC"));
}
