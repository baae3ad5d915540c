import kafkajs from "kafkajs";
import { triggers } from "../routes.ts";
import { required } from "../shared/env.ts";
import { kafkaConfig } from "../shared/events/kafka-config.ts";
import { createServices } from "../shared/services.ts";
import { emfMetrics } from "../shared/telemetry/emf-metrics.ts";
import { wire } from "../shared/wire.ts";
import { createHandler } from "./handler.ts";
import { kafkaPublisher } from "./kafka-publisher.ts";

const uses = triggers.find(({ name }) => name === "relay")?.uses ?? [];

export const handler = await wire(uses, async () => {
  const services = await createServices(uses, { metrics: emfMetrics("relay") });
  const kafka = new kafkajs.Kafka(await kafkaConfig(services.env, "qr-service-relay", services.log));
  return createHandler(services, kafkaPublisher(kafka, required(services.env, "KAFKA_TOPIC")));
});
