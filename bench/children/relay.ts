import kafkajs from "kafkajs";
import { kafkaPublisher } from "../../data/kafka/kafka-publisher.ts";
import { usesOf } from "../../functions/manifest.ts";
import { housekeep, keptMonths } from "../../functions/relay/housekeep.ts";
import { runRelay } from "../../functions/relay/relay.ts";
import { readEnv, required } from "../../functions/runtime/env.ts";
import { kafkaConfig } from "../../functions/runtime/kafka-config.ts";
import { servicesFrom } from "../../functions/runtime/services.ts";
import { serveParent } from "./child.ts";

/** The relay, as `npm start` runs it. */
const env = readEnv(usesOf("relay"), process.env);
const services = await servicesFrom(env);
await housekeep(services, keptMonths(env));
const kafka = new kafkajs.Kafka(await kafkaConfig(env, "bench-relay", services.log));
const publisher = kafkaPublisher(kafka, required(env, "KAFKA_TOPIC"));
const stopping = new AbortController();
const run = runRelay(services, publisher, {
  outboxMaxLength: Number(required(env, "OUTBOX_MAX_LENGTH")),
  signal: stopping.signal,
  idleMs: Number.POSITIVE_INFINITY,
});
serveParent(0, async () => {
  stopping.abort();
  await run;
  await publisher.close();
  await services.close();
});
