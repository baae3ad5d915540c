import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turnOfEventLoop } from "node:timers/promises";
import kafkajs, { type Kafka, type KafkaMessage } from "kafkajs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startPipeline } from "../../bin/local/pipeline.ts";
import { Teardown } from "../../bin/local/teardown.ts";
import type { QrCode } from "../../core/code/qr-code.ts";
import { parseEvent, type ScannedEvent } from "../../core/events/schema.ts";
import { kafkaPublisher } from "../../data/kafka/kafka-publisher.ts";
import type { Publisher } from "../../data/kafka/publisher.ts";
import { batches } from "../../functions/relay/batch.ts";
import { runRelay } from "../../functions/relay/relay.ts";
import { type Env, readEnv } from "../../functions/runtime/env.ts";
import { kafkaConfig } from "../../functions/runtime/kafka-config.ts";
import type { Services } from "../../functions/runtime/services.ts";
import type { ScanStats } from "../../functions/stats/use-case.ts";
import { type KafkaServer, startKafka } from "../support/kafka/server.ts";
import { recordLog } from "../support/log-recorder.ts";
import { lacks } from "../support/requirements.ts";
import { scannedEvent } from "../support/scan-events.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { CRAWLER, PHONE } from "../support/user-agents.ts";

/** Far above what it takes, on a machine that runs other tests, too. */
const SHOWN_WITHIN_MS = 20_000;

const scanned = (fields: Partial<ScannedEvent> = {}) => scannedEvent({ qrId: "qr-1", ...fields });

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
beforeEach(async () => {
  await stack.services.redis.command("FLUSHALL");
  await stack.database.sql("TRUNCATE event_outbox, pending_invalidations");
  stack.log.lines.length = 0;
});
afterAll(() => stack.close());

/** The service as another environment would make it. */
const withEnv = (env: Env): Services => ({ ...stack.services, env: { ...stack.services.env, ...env } });

async function create(): Promise<string> {
  const reply = await stack.call("/generate", {
    method: "POST",
    json: { targetUrl: "https://example.com/" },
  });
  return ((await reply.json()) as QrCode).qrId;
}

const scan = (qrId: string, agent = PHONE) =>
  stack.call(`/scan/${qrId}`, { tenant: null, headers: { "user-agent": agent } });

const stats = async (qrId: string) =>
  (await (await stack.call(`/qr/${qrId}/stats?days=1`)).json()) as ScanStats;

/** Waits until the history holds so many scans. */
const shown = (qrId: string, scans: number) =>
  expect
    .poll(async () => (await stats(qrId)).daily[0]?.scans, { timeout: SHOWN_WITHIN_MS, interval: 20 })
    .toBe(scans);

describe("a scan shows in the history within seconds", () => {
  it("without Kafka, and the pipeline says so", async () => {
    const teardown = new Teardown();
    try {
      expect(await startPipeline(stack.services, teardown)).toContain("no KAFKA_BROKERS");
      const qrId = await create();
      await scan(qrId);
      await shown(qrId, 1);
      await scan(qrId, CRAWLER);
      await scan(qrId);
      await shown(qrId, 2);
      expect(await stats(qrId)).toMatchObject({ scans: 2, bots: 1, uniqueVisitors: 1, today: 2 });
    } finally {
      await teardown.run();
    }
  });
});

describe("a Kafka that does not answer", () => {
  it("ends the start with one clear error", async () => {
    const teardown = new Teardown();
    try {
      const started = startPipeline(withEnv({ KAFKA_BROKERS: "127.0.0.1:1" }), teardown);
      await expect(started).rejects.toThrow(/^Kafka can't be used: [^\n]*127\.0\.0\.1:1\b[^\n]*$/);
      expect(stack.log.lines.filter(({ level }) => level !== "debug")).toEqual([]);
    } finally {
      await teardown.run();
    }
  });
});

describe("the publisher's producer", () => {
  it("is idempotent, waits for all replicas, compresses and makes no topic", async () => {
    const seen: Record<string, unknown>[] = [];
    const producer = {
      connect: async () => {},
      disconnect: async () => {},
      send: async (record: Record<string, unknown>) => void seen.push(record),
    };
    const kafka = {
      producer: (options: Record<string, unknown>) => {
        seen.push(options);
        return producer;
      },
    };
    const publisher = kafkaPublisher(kafka as unknown as Kafka, "a-topic");
    const event = scanned();
    await publisher.publish([event]);
    expect(seen).toEqual([
      expect.objectContaining({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false }),
      {
        topic: "a-topic",
        acks: -1,
        compression: kafkajs.CompressionTypes.GZIP,
        messages: [{ key: event.qrId, value: JSON.stringify(event) }],
      },
    ]);
  });

  it("sends one batch at a time, and is replaced after one that failed", async () => {
    let sending = 0;
    let connected = 0;
    const sent: string[] = [];
    const kafka = {
      producer: () => ({
        connect: async () => {
          connected += 1;
        },
        disconnect: async () => {},
        send: async ({ messages }: { messages: { key: string }[] }) => {
          expect(++sending).toBe(1);
          await turnOfEventLoop();
          sending -= 1;
          if (messages[0]?.key === "bad") throw new Error("not sure");
          sent.push(messages[0]?.key ?? "");
        },
      }),
    };
    const publisher = kafkaPublisher(kafka as unknown as Kafka, "a-topic");
    const told = await Promise.allSettled(
      ["one", "two", "bad", "three"].map((qrId) => publisher.publish([scanned({ qrId })])),
    );
    expect(told.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect([sent, connected]).toEqual([["one", "two", "three"], 2]);
  });
});

describe.skipIf(await lacks("kafka"))("with a real Kafka,", () => {
  let folder: string;
  let server: KafkaServer;
  let kafka: Kafka;
  let topics = 0;
  let topic: string;
  const log = recordLog();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "qr-service-kafka-"));
    server = await startKafka({ dataFolder: folder });
    const env = readEnv(["kafka"], { KAFKA_BROKERS: server.brokers });
    kafka = new kafkajs.Kafka(await kafkaConfig(env, "test", log));
  });
  beforeEach(() => {
    topic = `qr.events.${++topics}`;
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const overKafka = () => withEnv({ KAFKA_BROKERS: server.brokers, KAFKA_TOPIC: topic });

  async function admin<T>(work: (client: ReturnType<Kafka["admin"]>) => Promise<T>): Promise<T> {
    const client = kafka.admin();
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.disconnect();
    }
  }

  const createTopic = (numPartitions: number) =>
    admin((client) => client.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions }] }));

  /** Does something with a publisher, and closes it. */
  async function publishing<T>(work: (publisher: Publisher) => Promise<T>): Promise<T> {
    const publisher = kafkaPublisher(kafka, topic);
    try {
      return await work(publisher);
    } finally {
      await publisher.close();
    }
  }

  /** What is on the topic, partition by partition, in order. */
  async function onTopic(): Promise<KafkaMessage[][]> {
    const ends = await admin((client) => client.fetchTopicOffsets(topic));
    const found: KafkaMessage[][] = ends.map(() => []);
    let missing = ends.reduce((sum, { offset }) => sum + Number(offset), 0);
    const consumer = kafka.consumer({ groupId: `reader-${topic}`, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    await consumer.run({
      autoCommit: false,
      async eachMessage({ partition, message }) {
        found[partition]?.push(message);
        if (--missing === 0) finish();
      },
    });
    await done;
    await consumer.disconnect();
    return found;
  }

  /**
   * The record batches of a partition as the broker stored them: length in bytes, and the codec's number.
   * https://kafka.apache.org/documentation/#recordbatch
   */
  async function storedBatches(
    partition: number,
  ): Promise<{ length: number; codec: number; magic: number }[]> {
    const log = await readFile(join(folder, "data", `${topic}-${partition}`, "00000000000000000000.log"));
    const found = [];
    for (let at = 0; at + 61 <= log.length; ) {
      const length = 12 + log.readInt32BE(at + 8);
      found.push({ length, codec: log.readInt16BE(at + 21) & 7, magic: log.readInt8(at + 16) });
      at += length;
    }
    return found;
  }

  it("what is on the topic keeps to the schema of its type, under its code's key and in its code's order", async () => {
    await createTopic(3);
    const ids = [await create(), await create(), await create(), await create()];
    for (const qrId of ids) {
      await scan(qrId);
      await stack.call(`/qr/${qrId}`, { method: "PATCH", json: { targetUrl: "https://example.com/2" } });
      await scan(qrId, CRAWLER);
      await stack.call(`/qr/${qrId}`, { method: "DELETE" });
    }
    const report = await publishing((publisher) =>
      runRelay(stack.services, publisher, {
        outboxMaxLength: 1_000,
        signal: AbortSignal.timeout(10_000),
        idleMs: 0,
      }),
    );
    expect(report).toMatchObject({ published: 20, failures: 0, depth: 0 });

    const partitions = await onTopic();
    for (const messages of partitions) {
      for (const { key, value } of messages) {
        const text = String(value);
        expect(parseEvent(text)).toEqual(JSON.parse(text));
        expect(String(key)).toBe(parseEvent(text).qrId);
      }
    }
    const events = partitions.flat().map(({ value }) => parseEvent(String(value)));
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(20);
    for (const qrId of ids) {
      const places = partitions.filter((messages) => messages.some(({ key }) => String(key) === qrId));
      expect(places).toHaveLength(1);
      const types = events.filter((event) => event.qrId === qrId).map(({ type }) => type);
      expect(types).toEqual(["qr.created", "qr.scanned", "qr.updated", "qr.scanned", "qr.deleted"]);
    }
  });

  it("a batch is stored compressed with gzip, and by an idempotent producer", async () => {
    await createTopic(1);
    const events = Array.from({ length: 500 }, () => scanned());
    await publishing((publisher) => publisher.publish(events));
    const stored = await storedBatches(0);
    expect(stored).toEqual([{ length: expect.any(Number), codec: 1, magic: 2 }]);
    const plain = Buffer.byteLength(events.map((event) => JSON.stringify(event)).join(""));
    expect(stored[0]?.length).toBeLessThan(plain / 4);
    const [messages = []] = await onTopic();
    expect(messages.map(({ value }) => parseEvent(String(value)))).toEqual(events);
    // https://kafka.apache.org/documentation/#recordbatch: -1 where the producer has no ID.
    const { producerId, firstSequence } = (
      messages[0] as unknown as { batchContext: Record<string, unknown> }
    ).batchContext;
    expect([Number(producerId) >= 0, firstSequence]).toEqual([true, 0]);
  });

  it("the largest batch of the relay is taken, even if nothing of it can be compressed", async () => {
    await createTopic(1);
    const entries = Array.from({ length: 1_000 }, () => ({
      streamId: null,
      event: scanned({ targetUrl: `https://example.com/${randomBytes(1_500).toString("base64url")}` }),
    }));
    const [largest = []] = [...batches(entries)];
    expect(Buffer.byteLength(JSON.stringify(largest))).toBeGreaterThan(850_000);
    await publishing((publisher) => publisher.publish(largest.map(({ event }) => event)));
    const [end] = await admin((client) => client.fetchTopicOffsets(topic));
    expect(Number(end?.offset)).toBe(largest.length);
  });

  it("a topic that is missing is an error that says so, is not made, and does not spoil later attempts", async () => {
    await publishing(async (publisher) => {
      await expect(publisher.publish([scanned()])).rejects.toThrow(/topic/);
      expect(await admin((client) => client.listTopics())).not.toContain(topic);
      await createTopic(1);
      const event = scanned();
      await publisher.publish([event]);
      expect((await onTopic()).flat().map(({ value }) => parseEvent(String(value)))).toEqual([event]);
    });
  });

  it("a scan shows in the history within seconds, poison beside it goes to the dead letters, offsets are committed", async () => {
    const teardown = new Teardown();
    const qrId = await create();
    try {
      expect(await startPipeline(overKafka(), teardown)).toContain(server.brokers);
      await scan(qrId);
      await shown(qrId, 1);

      const producer = kafka.producer({ allowAutoTopicCreation: false });
      await producer.connect();
      const messages = [{ key: "poison", value: "poison" }];
      const [placed] = await producer.send({ topic, messages });
      await producer.disconnect();
      await scan(qrId);
      await scan(qrId, CRAWLER);
      await shown(qrId, 2);
      await expect.poll(async () => (await stats(qrId)).bots, { timeout: SHOWN_WITHIN_MS }).toBe(1);
      await expect
        .poll(
          () =>
            stack.database.sql(
              'SELECT topic, partition, "offset", reason FROM dead_letters WHERE topic = $1',
              [topic],
            ),
          {
            timeout: SHOWN_WITHIN_MS,
          },
        )
        .toEqual([
          {
            topic,
            partition: placed?.partition,
            offset: placed?.baseOffset,
            reason: "the record is not JSON",
          },
        ]);
    } finally {
      await teardown.run();
    }
    const [committed] = await admin((client) =>
      client.fetchOffsets({ groupId: "qr-service-persist-scans", topics: [topic] }),
    );
    const ends = await admin((client) => client.fetchTopicOffsets(topic));
    const used = ends.filter(({ offset }) => offset !== "0");
    expect(used.length).toBeGreaterThan(0);
    for (const { partition, offset } of used) {
      expect(committed?.partitions.find((other) => other.partition === partition)?.offset).toBe(offset);
    }
  });

  it("a topic that is there already is used as it is", async () => {
    await createTopic(1);
    const teardown = new Teardown();
    try {
      await startPipeline(overKafka(), teardown);
      const qrId = await create();
      await scan(qrId);
      await shown(qrId, 1);
    } finally {
      await teardown.run();
    }
    expect(await admin((client) => client.fetchTopicOffsets(topic))).toHaveLength(1);
  });
});
