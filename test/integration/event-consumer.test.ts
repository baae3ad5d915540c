import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import kafkajs, { type Kafka } from "kafkajs";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { QrCode } from "../../core/code/qr-code.ts";
import { kafkaPublisher } from "../../data/kafka/kafka-publisher.ts";
import { runRelay } from "../../functions/relay/relay.ts";
import { readEnv } from "../../functions/runtime/env.ts";
import { kafkaConfig } from "../../functions/runtime/kafka-config.ts";
import { type KafkaServer, startKafka } from "../support/kafka/server.ts";
import { recordLog } from "../support/log-recorder.ts";
import { pythonPackages } from "../support/python/packages.ts";
import { lacks } from "../support/requirements.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { CRAWLER, PHONE } from "../support/user-agents.ts";

const ROOT = join(import.meta.dirname, "../..");
const TOPIC = "qr.events";
const missing = (await lacks("kafka")) || (await lacks("python"));

let folder: string;
let stack: TestStack;
let server: KafkaServer;
let kafka: Kafka;
beforeAll(async () => {
  if (missing) return;
  folder = await mkdtemp(join(tmpdir(), "qr-service-consumer-"));
  stack = await startTestStack();
  server = await startKafka();
  kafka = new kafkajs.Kafka(
    await kafkaConfig(readEnv(["kafka"], { KAFKA_BROKERS: server.brokers }), "test", recordLog()),
  );
});
afterAll(async () => {
  await server?.stop();
  await stack?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** The consumer as the page prints it. */
async function printedConsumer(): Promise<string> {
  const page = await readFile(join(ROOT, "docs/events.md"), "utf8");
  const [, code = ""] = /```python\n(.*?)```/s.exec(page) ?? [];
  expect(code.split("\n").length).toBeLessThanOrEqual(36);
  const file = join(folder, "consumer.py");
  await writeFile(file, code);
  return file;
}

/** Runs it until it has printed so many events. @throws Error with its error output if it ends before */
async function consume(file: string, count: number): Promise<Record<string, unknown>[]> {
  const child = spawn("python3", [file, join(ROOT, "asyncapi.json")], {
    env: {
      PATH: process.env.PATH,
      PYTHONPATH: await pythonPackages(),
      PYTHONDONTWRITEBYTECODE: "1",
      KAFKA_BROKERS: server.brokers,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [printed, complaints] = ["", ""];
  const { promise: finished, resolve, reject } = Promise.withResolvers<void>();
  child.stderr.on("data", (chunk) => {
    complaints += chunk;
  });
  child.stdout.on("data", (chunk) => {
    printed += chunk;
    if (printed.split("\n").length > count) resolve();
  });
  child.on("error", reject);
  child.on("close", (code) => reject(new Error(`the consumer ended with ${code}\n${complaints}`)));
  try {
    await finished;
  } finally {
    child.kill("SIGKILL");
  }
  return printed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Puts a record on the topic that no relay of today would. */
async function publishRecord(key: string, event: object): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const messages = [{ key, value: JSON.stringify(event) }];
  await producer.send({ topic: TOPIC, messages, compression: kafkajs.CompressionTypes.GZIP });
  await producer.disconnect();
}

it.skipIf(missing)(
  "the printed Python consumer reads the topic by the description alone",
  { timeout: 90_000 },
  async () => {
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic: TOPIC, numPartitions: 3 }] });
    await admin.disconnect();

    const made = await stack.call("/generate", {
      method: "POST",
      json: { targetUrl: "https://example.com/" },
    });
    const { qrId } = (await made.json()) as QrCode;
    const scan = (agent: string) =>
      stack.call(`/scan/${qrId}`, { tenant: null, headers: { "user-agent": agent } });
    await scan(PHONE);
    await scan(CRAWLER);
    await stack.call(`/qr/${qrId}`, { method: "PATCH", json: { status: "paused" } });
    await stack.call(`/qr/${qrId}`, { method: "DELETE" });

    const sent: string[] = [];
    const publisher = kafkaPublisher(kafka, TOPIC);
    const twice = {
      ...publisher,
      // A relay that dies before it deletes what was acknowledged publishes it again.
      async publish(events: Parameters<typeof publisher.publish>[0]) {
        sent.push(...events.map((event) => JSON.stringify(event)));
        await publisher.publish(events);
        await publisher.publish(events);
      },
    };
    await runRelay(stack.services, twice, {
      outboxMaxLength: 1_000,
      signal: AbortSignal.timeout(30_000),
      idleMs: 0,
    });
    await publisher.close();

    const [first = ""] = sent;
    const newer = { ...JSON.parse(first), eventId: "01930000-0000-7000-8000-000000000001" };
    await publishRecord(qrId, { ...newer, version: newer.version + 1 });
    await publishRecord(qrId, { ...newer, type: "qr.printed" });
    await publishRecord(qrId, { ...newer, addedLater: [1] });

    const read = await consume(await printedConsumer(), sent.length + 1);
    expect(read).toEqual([...sent.map((text) => JSON.parse(text)), { ...newer, addedLater: [1] }]);
    expect(read.map(({ type }) => type)).toEqual([
      "qr.created",
      "qr.scanned",
      "qr.scanned",
      "qr.updated",
      "qr.deleted",
      "qr.created",
    ]);
  },
);
