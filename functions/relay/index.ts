import kafkajs from "kafkajs";
import { kafkaPublisher } from "../../data/kafka/kafka-publisher.ts";
import { usesOf } from "../manifest.ts";
import { emfMetrics } from "../runtime/emf-metrics.ts";
import { required } from "../runtime/env.ts";
import { kafkaConfig } from "../runtime/kafka-config.ts";
import { createServices } from "../runtime/services.ts";
import { wire } from "../runtime/wire.ts";
import { createHandler } from "./handler.ts";

const uses = usesOf("relay");

export const handler = await wire(uses, async () => {
  const services = await createServices(uses, { metrics: emfMetrics("relay") });
  const kafka = new kafkajs.Kafka(await kafkaConfig(services.env, "qr-service-relay", services.log));
  return createHandler(services, kafkaPublisher(kafka, required(services.env, "KAFKA_TOPIC")));
});
