import kafkajs from "kafkajs";
import { triggers } from "../routes.ts";
import { required } from "../shared/env.ts";
import { kafkaConfig } from "../shared/events/kafka-config.ts";
import { createServices } from "../shared/services.ts";
import { emfMetrics } from "../shared/telemetry/emf-metrics.ts";
import { createHandler } from "./handler.ts";
import { kafkaPublisher } from "./kafka-publisher.ts";

const trigger = triggers.find(({ name }) => name === "relay");
const services = await createServices(trigger?.uses ?? [], { metrics: emfMetrics("relay") });
const kafka = new kafkajs.Kafka(await kafkaConfig(services.env, "qr-service-relay", services.log));

export const handler = createHandler(services, kafkaPublisher(kafka, required(services.env, "KAFKA_TOPIC")));
