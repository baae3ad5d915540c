import kafkajs from "kafkajs";
import { startConsumer } from "../../bin/local/consumer.ts";
import { usesOf } from "../../functions/manifest.ts";
import { createHandler } from "../../functions/persist-scans/handler.ts";
import { readEnv, required } from "../../functions/runtime/env.ts";
import { kafkaConfig } from "../../functions/runtime/kafka-config.ts";
import { servicesFrom } from "../../functions/runtime/services.ts";
import { serveParent } from "./child.ts";

/** The consumer, as `npm start` runs it. */
// Here it asks Kafka itself for its events, as AWS does for the function.
const env = readEnv([...usesOf("persist-scans"), ...usesOf("relay")], process.env);
const services = await servicesFrom(env);
const kafka = new kafkajs.Kafka(await kafkaConfig(env, "bench-consumer", services.log));
const topic = required(env, "KAFKA_TOPIC");
const consumer = await startConsumer(kafka, topic, `${topic}-consumer`, createHandler(services));
serveParent(0, async () => {
  await consumer.disconnect();
  await services.close();
});
