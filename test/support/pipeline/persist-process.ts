import kafkajs from "kafkajs";
import { startConsumer } from "../../../bin/local/consumer.ts";
import { createHandler } from "../../../functions/persist-scans/handler.ts";
import { required } from "../../../functions/runtime/env.ts";
import { kafkaConfig } from "../../../functions/runtime/kafka-config.ts";
import { servicesFrom } from "../../../functions/runtime/services.ts";
import { die } from "./die.ts";
import { withSessionTimeout } from "./topic.ts";

/*
 * A consumer that takes each batch twice, and kills itself after it has persisted one and before it commits the
 * batch's offset. Arguments: its group, how many batches it lives to finish, the checked variables as JSON.
 */

/** The next consumer waits so long for this one, once it is dead. */
const SESSION_MS = 1_500;

const [group = "", lives, variables = ""] = process.argv.slice(2);
const services = await servicesFrom(JSON.parse(variables));
const { env, log } = services;
const config = await kafkaConfig(env, "qr-service-persist-scans", log);
const kafka = withSessionTimeout(new kafkajs.Kafka(config), SESSION_MS);
const persistScans = createHandler(services);
let batches = 0;

await startConsumer(kafka, required(env, "KAFKA_TOPIC"), group, async (event) => {
  await persistScans(event);
  batches += 1;
  return batches > Number(lives) ? die() : persistScans(event);
});
