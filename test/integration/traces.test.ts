import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { MSKEvent } from "aws-lambda";
import type kafkajs from "kafkajs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { memoryRedis } from "../../bin/local/memory-redis/index.ts";
import { findRedisServer, type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { fromXRay } from "../../core/telemetry/traces.ts";
import { inProcessTopic } from "../../data/kafka/in-process-topic.ts";
import { kafkaPublisher } from "../../data/kafka/kafka-publisher.ts";
import { mskEvent } from "../../data/kafka/msk-event.ts";
import { tracedRecords } from "../../data/kafka/traced-records.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { RedisFailure, type RedisPort } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { spill } from "../../data/spill.ts";
import { createHandler as createPersistScans } from "../../functions/persist-scans/handler.ts";
import { directPublisher } from "../../functions/relay/direct-publisher.ts";
import { housekeep } from "../../functions/relay/housekeep.ts";
import { runRelay } from "../../functions/relay/relay.ts";
import { processEnv } from "../../functions/runtime/env.ts";
import type { Services } from "../../functions/runtime/services.ts";
import { xrayTraces } from "../../functions/runtime/xray-traces.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { PHONE } from "../support/user-agents.ts";

const ROOT = "1-5759e988-bd862e3fe1be46a994272793";
const TRACE_ID = "5759e988bd862e3fe1be46a994272793";
const SCAN = "53995c3f42cd8ad8";
const header = (sampled: 0 | 1) => `Root=${ROOT};Parent=${SCAN};Sampled=${sampled};Lineage=1:a87bd80c:0`;
const TRACEPARENT = `00-${TRACE_ID}-${SCAN}-01`;

interface Segment {
  name: string;
  id: string;
  trace_id: string;
  parent_id: string;
  start_time: number;
  end_time: number;
  annotations: { event_id: string };
}

let redisServer: RedisServer | undefined;
let redis: RedisPort;
let refuses = (_name: string): boolean => false;
let stack: TestStack;
let daemon: Socket;
let segments: Segment[];

beforeAll(async () => {
  // Elsewhere nobody looks for the header of an invocation.
  vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", "scan");
  redisServer = findRedisServer() ? await startRedisServer() : undefined;
  redis = redisServer ? respRedis(redisServer.url, 5_000) : memoryRedis();
  stack = await startTestStack({
    redis: {
      ...redis,
      script: async (script, keys, args) => {
        if (refuses(script.name)) throw new RedisFailure("refused", "test");
        return redis.script(script, keys, args);
      },
    },
  });
  await housekeep(stack.services, { scans: 13, history: 25 });
  daemon = createSocket("udp4");
  daemon.bind(0, "127.0.0.1");
  await once(daemon, "listening");
  daemon.on("message", (datagram: Buffer) => {
    const [head, document] = datagram.toString().split("\n") as [string, string];
    expect(JSON.parse(head)).toEqual({ format: "json", version: 1 });
    segments.push(JSON.parse(document));
  });
});
beforeEach(async () => {
  segments = [];
  await redis.command("FLUSHALL");
  await stack.database.sql("TRUNCATE event_outbox, scan_events, scan_totals, qr_codes");
  await stack.call("/generate", {
    method: "POST",
    json: { qrId: "code", targetUrl: "https://example.com/" },
  });
  await stack.database.sql("TRUNCATE event_outbox");
});
afterEach(() => {
  refuses = () => false;
  delete processEnv._X_AMZN_TRACE_ID;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  daemon.close();
  await stack.close();
  await redisServer?.stop();
});

/** The services of one function, whose spans go to the daemon under its name. */
function servicesOf(name: string): Services {
  const { port } = daemon.address() as AddressInfo;
  return { ...stack.services, traces: xrayTraces(`127.0.0.1:${port}`, name) };
}

/** A scan in an invocation that Lambda sampled, or did not. */
async function scan(sampled: 0 | 1): Promise<void> {
  processEnv._X_AMZN_TRACE_ID = header(sampled);
  const init = { tenant: null, headers: { "user-agent": PHONE } };
  expect((await stack.call("/scan/code", init)).status).toBe(302);
}

async function waiting(): Promise<Record<string, unknown>[]> {
  const entries = (await redis.command("XRANGE", CacheKeys.outbox, "-", "+")) as [string, string[]][];
  return entries.map(([, fields]) => JSON.parse(fields[1] ?? ""));
}

/** From the outbox to the rows, by a relay and a consumer of their own. */
async function relay(): Promise<void> {
  const relayed = servicesOf("qr-test-relay");
  const topic = inProcessTopic("qr.events", createPersistScans(servicesOf("qr-test-persist-scans")));
  await runRelay(relayed, topic, { outboxMaxLength: 1_000, idleMs: 0, signal: AbortSignal.timeout(20_000) });
  await relayed.traces.flush();
}

const rows = () => stack.database.sql<{ event_id: string }>("SELECT event_id FROM scan_events");

async function expectOneTrace(): Promise<void> {
  await vi.waitFor(() => expect(segments).toHaveLength(2));
  const [row, ...others] = await rows();
  expect(others).toEqual([]);
  const ofRelay = segments.find(({ name }) => name === "qr-test-relay");
  const ofConsumer = segments.find(({ name }) => name === "qr-test-persist-scans");
  expect(ofRelay).toMatchObject({ trace_id: ROOT, parent_id: SCAN });
  expect(ofConsumer).toMatchObject({ trace_id: ROOT, parent_id: ofRelay?.id });
  for (const segment of segments) {
    expect(segment.annotations).toEqual({ event_id: row?.event_id });
    expect(segment.end_time).toBeGreaterThanOrEqual(segment.start_time);
    expect(segment.id).toMatch(/^[0-9a-f]{16}$/);
  }
}

describe("a sampled scan is one trace, which its row's event ID finds", () => {
  it("through the stream", async () => {
    await scan(1);
    expect(await waiting()).toMatchObject([{ traceparent: TRACEPARENT }]);
    await relay();
    await expectOneTrace();
  });

  it("through the table, while Redis is down", async () => {
    refuses = (name) => name.includes("scan");
    await scan(1);
    expect(await waiting()).toEqual([]);
    await relay();
    await expectOneTrace();
  });

  it("through both, if it is spilled", async () => {
    await scan(1);
    expect(await spill(stack.services.redis, stack.services.db, 0)).toBe(1);
    await relay();
    await expectOneTrace();
  });

  it("without Kafka, where the relay itself persists", async () => {
    await scan(1);
    const services = servicesOf("qr-test-relay");
    const options = { outboxMaxLength: 1_000, idleMs: 0, signal: AbortSignal.timeout(20_000) };
    await runRelay(services, directPublisher(services), options);
    await services.traces.flush();
    await vi.waitFor(() => expect(segments).toHaveLength(2));
    const [last, first] = segments.map(({ parent_id }) => parent_id).toSorted() as [string, string];
    expect([last, first]).toContain(SCAN);
    expect(segments.map(({ id }) => id)).toContain(last === SCAN ? first : last);
  });
});

describe("a scan that is not sampled", () => {
  it("carries nothing, and no step is recorded", async () => {
    await scan(0);
    const [captured] = await waiting();
    expect(Object.keys(captured ?? {}).toSorted()).toEqual(
      ["bot", "country", "eventId", "occurredAt", "qrId", "referrerHost", "userAgent", "visitor"].toSorted(),
    );
    await relay();
    expect(await rows()).toHaveLength(1);
    // A sampled one behind it arrives alone.
    await scan(1);
    await relay();
    await vi.waitFor(() => expect(segments).toHaveLength(2));
    expect(segments.map(({ trace_id }) => trace_id)).toEqual([ROOT, ROOT]);
  });

  it.each([undefined, "", "Sampled=1", `Root=${ROOT};Sampled=1`, `Root=x;Parent=${SCAN};Sampled=1`])(
    "is one whose header says %j",
    (text) => {
      expect(fromXRay(text)).toBeUndefined();
    },
  );
});

describe("the trace of an event", () => {
  it("travels beside it: the event on the topic is version 1, as it was", async () => {
    await scan(1);
    const seen: Pick<MSKEvent, "records">[] = [];
    const topic = inProcessTopic("qr.events", async (batch) => void seen.push(batch));
    const options = { outboxMaxLength: 1_000, idleMs: 0, signal: AbortSignal.timeout(20_000) };
    await runRelay(stack.services, topic, options);
    const [record] = seen.flatMap(({ records }) => Object.values(records).flat());
    const event = JSON.parse(Buffer.from(record?.value ?? "", "base64").toString());
    expect(event).toMatchObject({ version: 1, type: "qr.scanned" });
    expect(event).not.toHaveProperty("traceparent");
    expect(record?.headers.map((each) => Object.keys(each))).toEqual([["traceparent"]]);
  });

  it("is the header `traceparent` of its record in Kafka, and of that of no other event", async () => {
    const sent: { messages: { headers?: Record<string, string> }[] }[] = [];
    const producer = {
      connect: async () => {},
      disconnect: async () => {},
      send: async (record: (typeof sent)[number]) => void sent.push(record),
    };
    const kafka = { producer: () => producer } as unknown as kafkajs.Kafka;
    const event = { eventId: "e-1", qrId: "code" } as never;
    const other = { eventId: "e-2", qrId: "code" } as never;
    await kafkaPublisher(kafka, "t").publish([event, other], new Map([["e-1", TRACEPARENT]]));
    expect(sent[0]?.messages.map(({ headers }) => headers)).toEqual([
      { traceparent: TRACEPARENT },
      undefined,
    ]);
  });

  it("is read from a record as Lambda hands it over, and never stands in the way of one", () => {
    const message = (headers: Record<string, Buffer>, value = JSON.stringify({ eventId: "e-1" })) => ({
      ...{ key: null, value: Buffer.from(value), offset: "0", timestamp: "0" },
      headers,
    });
    const traced = { traceparent: Buffer.from(TRACEPARENT) };
    const read = (...messages: ReturnType<typeof message>[]) =>
      tracedRecords(mskEvent("qr.events", 0, messages));
    expect(read(message({ ...traced, other: Buffer.from("x") }))).toEqual([
      { eventId: "e-1", traceparent: TRACEPARENT },
    ]);
    expect(read(message({}), message({ traceparent: Buffer.from("00-no") }), message(traced, "{"))).toEqual(
      [],
    );
  });
});
