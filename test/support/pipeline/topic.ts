import { setTimeout as sleep } from "node:timers/promises";
import kafkajs, { type Admin, type Kafka } from "kafkajs";
import type { QrEvent } from "../../../core/events/schema.ts";

const PARTITIONS = 3;
const DEADLINE_MS = 30_000;
const POLL_MS = 50;

/** A client for what a test does besides the service. */
export function testKafka(brokers: string): Kafka {
  return new kafkajs.Kafka({
    brokers: [brokers],
    clientId: "test",
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    logLevel: kafkajs.logLevel.NOTHING,
  });
}

/**
 * The same client with another session timeout of its consumers: for so long the others wait for one that is dead, or
 * that has lost its place because Kafka was killed.
 */
export function withSessionTimeout(kafka: Kafka, sessionTimeout: number): Kafka {
  const consumer: Kafka["consumer"] = (config) =>
    kafka.consumer({
      ...config,
      groupId: config?.groupId ?? "",
      sessionTimeout,
      heartbeatInterval: 250,
    });
  return Object.create(kafka, { consumer: { value: consumer } }) as Kafka;
}

export async function createTopic(kafka: Kafka, topic: string): Promise<void> {
  await withAdmin(kafka, (admin) =>
    admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: PARTITIONS }] }),
  );
}

/** All events of a topic, each partition's in order, read by a consumer that nobody else knows. */
export async function readTopic(kafka: Kafka, topic: string): Promise<QrEvent[]> {
  const ends = await endOffsets(kafka, topic);
  const events: QrEvent[][] = ends.map(() => []);
  const complete = () => ends.every((end, partition) => (events[partition]?.length ?? 0) >= end);
  const consumer = kafka.consumer({ groupId: `reader-of-${topic}-${Date.now()}`, maxWaitTimeInMs: 100 });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const read = batch.messages.map(({ value }) => JSON.parse(String(value)) as QrEvent);
        events[batch.partition]?.push(...read);
      },
    });
    await until(
      complete,
      () => `the topic holds ${ends} records per partition, read: ${events.map((e) => e.length)}`,
    );
  } finally {
    await consumer.disconnect();
  }
  return events.flat();
}

/** Waits until a group has committed the end of each partition. */
export async function caughtUp(kafka: Kafka, topic: string, group: string): Promise<void> {
  await withAdmin(kafka, async (admin) => {
    let state = "";
    await until(
      async () => {
        const ends = await endOffsets(kafka, topic, admin);
        const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
        const committed = ends.map((_, index) =>
          Number(offsets?.partitions.find(({ partition }) => partition === index)?.offset ?? -1),
        );
        state = `ends: ${ends}, committed: ${committed}`;
        return ends.every((end, partition) => end === 0 || committed[partition] === end);
      },
      () => `the consumer did not catch up; ${state}`,
    );
  });
}

/** @throws Error with what `problem` says if `condition` does not come true within 30 s */
export async function until(
  condition: () => boolean | Promise<boolean>,
  problem: () => string,
): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`After ${DEADLINE_MS} ms: ${problem()}`);
    await sleep(POLL_MS);
  }
}

async function endOffsets(kafka: Kafka, topic: string, admin?: Admin): Promise<number[]> {
  const fetch = async (connected: Admin) => {
    const offsets = await connected.fetchTopicOffsets(topic);
    return offsets.sort((a, b) => a.partition - b.partition).map(({ high }) => Number(high));
  };
  return admin ? fetch(admin) : withAdmin(kafka, fetch);
}

async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
