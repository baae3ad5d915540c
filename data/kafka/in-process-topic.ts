import type { MSKEvent } from "aws-lambda";
import { mskEvent } from "./msk-event.ts";
import type { Publisher } from "./publisher.ts";
import { headersOf } from "./traced-records.ts";

/** Takes a batch of records as the consumer does; rejects if it is to come again. */
type BatchConsumer = (event: Pick<MSKEvent, "records">) => Promise<unknown>;

/** Stands for Kafka where there is none: what is published goes to the consumer, and counts once that has stored it. */
export function inProcessTopic(topic: string, consume: BatchConsumer): Publisher {
  let offset = 0;
  return {
    async publish(events, traceparents) {
      const messages = events.map((event) => ({
        key: Buffer.from(event.qrId),
        value: Buffer.from(JSON.stringify(event)),
        offset: String(offset++),
        timestamp: String(Date.now()),
        ...headersOf(event.eventId, traceparents),
      }));
      await consume(mskEvent(topic, 0, messages));
    },
    async close() {},
  };
}
