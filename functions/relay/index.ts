import type { Publisher } from "../../data/kafka/publisher.ts";
import { usesOf } from "../manifest.ts";
import { emfMetrics } from "../runtime/emf-metrics.ts";
import { required } from "../runtime/env.ts";
import { createServices, type Services } from "../runtime/services.ts";
import { wire } from "../runtime/wire.ts";
import { xrayTraces } from "../runtime/xray-traces.ts";
import { createHandler } from "./handler.ts";

const uses = usesOf("relay");

export const handler = await wire(uses, async () => {
  const services = await createServices(uses, { metrics: emfMetrics("relay"), traces: xrayTraces() });
  return createHandler(services, await publisherOf(services));
});

/** Loads Kafka's client only where events go to Kafka. */
async function publisherOf(services: Services): Promise<Publisher> {
  if (required(services.env, "EVENTS") === "direct") {
    const { directPublisher } = await import("./direct-publisher.ts");
    return directPublisher(services);
  }
  const { connectKafka } = await import("./connect-kafka.ts");
  return connectKafka(services);
}
