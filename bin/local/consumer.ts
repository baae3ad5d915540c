import type { Consumer, Kafka } from "kafkajs";
import { mskEvent } from "../../data/kafka/msk-event.ts";
import type { BatchHandler } from "../../functions/persist-scans/handler.ts";

/** Records that are handed over at once, as many as the event source's default. */
const BATCH_SIZE = 500;

/**
 * Plays Lambda's MSK event source: hands each partition's records to the handler in order, and commits an offset
 * only after the handler has returned, so that a batch which failed comes again.
 */
export async function startConsumer(
  kafka: Kafka,
  topic: string,
  groupId: string,
  handle: BatchHandler,
): Promise<Consumer> {
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    sessionTimeout: 10_000,
    heartbeatInterval: 1_000,
    maxWaitTimeInMs: 200,
    // A failure of the handler must not end the consumer: the records wait for it.
    retry: { retries: 1_000, initialRetryTime: 200, maxRetryTime: 2_000, factor: 0.2, multiplier: 2 },
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    async eachBatch({ batch, resolveOffset, heartbeat, isRunning, isStale }) {
      const { partition, messages } = batch;
      for (let start = 0; start < messages.length && isRunning() && !isStale(); start += BATCH_SIZE) {
        const part = messages.slice(start, start + BATCH_SIZE);
        await handle(mskEvent(topic, partition, part));
        const last = part.at(-1)?.offset ?? "0";
        await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(last) + 1n) }]);
        resolveOffset(last);
        await heartbeat();
      }
    },
  });
  return consumer;
}
