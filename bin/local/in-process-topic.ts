import type { Publisher } from "../../data/kafka/publisher.ts";
import type { BatchHandler } from "../../functions/persist-scans/handler.ts";
import { mskEvent } from "./msk-event.ts";

/** Stands for Kafka where there is none: what is published goes to the consumer, and counts once that has stored it. */
export function inProcessTopic(topic: string, persistScans: BatchHandler): Publisher {
  let offset = 0;
  return {
    async publish(events) {
      const messages = events.map((event) => ({
        key: Buffer.from(event.qrId),
        value: Buffer.from(JSON.stringify(event)),
        offset: String(offset++),
        timestamp: String(Date.now()),
      }));
      await persistScans(mskEvent(topic, 0, messages));
    },
    async close() {},
  };
}
