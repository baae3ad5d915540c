import kafkajs, { type Kafka, type Producer } from "kafkajs";
import type { Publisher } from "./publisher.ts";
import { headersOf } from "./traced-records.ts";

/**
 * Publishes to a Kafka topic: acknowledged by all replicas, idempotent, compressed, keyed by code.
 *
 * kafkajs takes its sequence numbers back when a send fails, although the broker may have stored the batch; other
 * messages under the same numbers are then taken for a repetition, acknowledged and dropped. Hence two rules: one
 * send at a time, and no further send by a producer of which one failed.
 */
export function kafkaPublisher(kafka: Kafka, topic: string): Publisher {
  let current: Producer | undefined;
  let sending: Promise<unknown> = Promise.resolve();

  async function send(...[events, traceparents]: Parameters<Publisher["publish"]>): Promise<void> {
    const producer = current ?? (await connect(kafka));
    current = producer;
    try {
      await producer.send({
        topic,
        acks: -1,
        compression: kafkajs.CompressionTypes.GZIP,
        messages: events.map((event) => ({
          key: event.qrId,
          value: JSON.stringify(event),
          ...headersOf(event.eventId, traceparents),
        })),
      });
    } catch (error) {
      current = undefined;
      await producer.disconnect().catch(() => {});
      throw error;
    }
  }

  return {
    publish(events, traceparents) {
      const turn = sending.then(() => send(events, traceparents));
      sending = turn.catch(() => {});
      return turn;
    },
    async close() {
      await sending;
      await current?.disconnect();
      current = undefined;
    },
  };
}

async function connect(kafka: Kafka): Promise<Producer> {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  try {
    await producer.connect();
    return producer;
  } catch (error) {
    await producer.disconnect().catch(() => {});
    throw error;
  }
}
