import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import kafkajs, { type ISocketFactory, type KafkaConfig } from "kafkajs";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { QrEvent } from "../../core/events/schema.ts";
import { utcDate } from "../../core/utc-date.ts";
import { inProcessTopic } from "../../data/kafka/in-process-topic.ts";
import { kafkaPublisher } from "../../data/kafka/kafka-publisher.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { RedisFailure, type RedisPort } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { type BatchHandler, createHandler } from "../../functions/persist-scans/handler.ts";
import { runRelay } from "../../functions/relay/relay.ts";
import { type KafkaServer, startKafka } from "../support/kafka/server.ts";
import { Load, type LoadOptions, scanNumber } from "../support/pipeline/load.ts";
import type { RelayStep } from "../support/pipeline/relay-process.ts";
import {
  openScanPipeline,
  type ScanPipeline,
  type ScanPipelineOptions,
} from "../support/pipeline/scan-pipeline.ts";
import { readTopic, until } from "../support/pipeline/topic.ts";
import { settled, verifyPipeline, waiting } from "../support/pipeline/verify.ts";
import { lacks } from "../support/requirements.ts";

/** Of each case. */
const SCANS = 10_000;
/** What an event takes in the stream is about 700 bytes. */
const EVENT_BYTES = 1_000;
const CODES = 50;
const CLIENTS = 32;

/** Nobody listens there: a process with this address takes its scans without Redis. */
const NO_REDIS = { REDIS_URL: "redis://127.0.0.1:1" };

/** A bound on one case, far above what it takes. */
const CASE_TIMEOUT_MS = 240_000;

let kafka: KafkaServer;

async function open(options: Partial<ScanPipelineOptions> = {}): Promise<ScanPipeline> {
  const pipeline = await openScanPipeline(kafka, { codes: CODES, ...options });
  onTestFinished(pipeline.close);
  return pipeline;
}

/** @param allowed answered scans after which the clients wait to be let on */
function scan(
  codes: string[],
  scanners: string[],
  options: Partial<LoadOptions> = {},
  allowed?: number,
): Load {
  const load = new Load({ scanners, codes, scans: SCANS, clients: CLIENTS, ...options }, allowed);
  onTestFinished(() => load.stop());
  return load;
}

const distinct = (events: QrEvent[]) => new Set(events.map(({ eventId }) => eventId)).size;

describe.skipIf((await lacks("redis-server")) || (await lacks("kafka")))(
  "no answered scan is lost and none is counted twice",
  { timeout: CASE_TIMEOUT_MS },
  () => {
    beforeAll(async () => {
      kafka = await startKafka();
    });
    afterAll(() => kafka?.stop());

    it("when scanning processes are killed ten times", async () => {
      const pipeline = await open();
      await pipeline.startRelay();
      await pipeline.startPersisting();
      const processes = [await pipeline.startScanning(), await pipeline.startScanning()] as const;
      const load = scan(
        pipeline.codes,
        processes.map(({ url }) => url),
      );
      for (let kill = 1; kill <= 10; kill++) {
        await load.reached((kill * SCANS) / 11);
        await processes[kill % 2 === 0 ? 0 : 1].replace();
      }
      await load.done;
      const { problems } = await verifyPipeline(pipeline, load);
      expect(problems).toEqual([]);
      expect(load.unanswered.size).toBeGreaterThan(0);
    });

    it("when the relay is killed at each of its steps, again and again", async () => {
      const pipeline = await open();
      await pipeline.startPersisting();
      const [withRedis, without] = [await pipeline.startScanning(), await pipeline.startScanning(NO_REDIS)];
      const steps: RelayStep[] = [
        "before send",
        "before delete",
        "mid-delete",
        "before delete from the table",
      ];
      const deaths = 2 * steps.length;
      // Each batch has its part in the stream and in the table.
      const scanners = [...Array<string>(7).fill(withRedis.url), without.url];
      const load = scan(pipeline.codes, scanners, {}, SCANS / deaths);
      for (let death = 1; death <= deaths; death++) {
        await pipeline.runUntilKilled("relay-process.ts", steps[death % steps.length] ?? "");
        load.allow(((death + 1) * SCANS) / deaths);
      }
      await load.done;
      await pipeline.startRelay();
      const { problems, events } = await verifyPipeline(pipeline, load);
      expect(problems).toEqual([]);
      expect(events.length, "an event was published again").toBeGreaterThan(distinct(events));
    });

    it("when Kafka is killed in mid-run and comes back", async () => {
      const pipeline = await open();
      const stopRelay = await pipeline.startRelay();
      await pipeline.startPersisting();
      const scanning = await pipeline.startScanning();
      const load = scan(pipeline.codes, [scanning.url], {}, SCANS * 0.8);
      await load.reached(SCANS * 0.3);
      await kafka.kill();
      await load.reached(SCANS * 0.7);
      await kafka.restart();
      load.allow(SCANS);
      await load.done;
      const { problems } = await verifyPipeline(pipeline, load);
      expect(problems).toEqual([]);
      expect((await stopRelay()).failures).toBeGreaterThan(0);
    });

    it("when a Redis that persists is restarted and killed in mid-run", async () => {
      const pipeline = await open({ durableRedis: true });
      await pipeline.startRelay();
      await pipeline.startPersisting();
      const scanning = await pipeline.startScanning();
      const load = scan(pipeline.codes, [scanning.url], {});
      await load.reached(SCANS * 0.3);
      await pipeline.redis.restart();
      await load.reached(SCANS * 0.6);
      await pipeline.redis.kill();
      await pipeline.redis.restart();
      await load.done;
      const { problems } = await verifyPipeline(pipeline, load);
      expect(problems).toEqual([]);
    });

    it("when Redis comes back after the last scan: no other scan and no read brings the counters back", async () => {
      const pipeline = await open({ durableRedis: true });
      await pipeline.startRelay();
      await pipeline.startPersisting();
      const scanning = await pipeline.startScanning();
      const load = scan(pipeline.codes, [scanning.url], { scans: SCANS / 10 });
      await load.reached(SCANS / 20);
      await pipeline.redis.kill();
      await load.done;
      await persistedWithoutRedis(pipeline);
      await pipeline.redis.restart();
      const { problems } = await verifyPipeline(pipeline, load);
      expect(problems).toEqual([]);
    });

    it("when Redis hangs and then is absent for part of the run", async () => {
      const pipeline = await open({ durableRedis: true });
      await pipeline.startRelay();
      await pipeline.startPersisting();
      const scanning = await pipeline.startScanning();
      const load = scan(pipeline.codes, [scanning.url], {});
      await load.reached(SCANS * 0.2);
      // What was sent to it is executed when it goes on, although the scans have gone through the table meanwhile.
      process.kill(pipeline.redis.pid, "SIGSTOP");
      await load.reached(SCANS * 0.4);
      process.kill(pipeline.redis.pid, "SIGCONT");
      await load.reached(SCANS * 0.6);
      await pipeline.redis.kill();
      await load.reached(SCANS * 0.8);
      await pipeline.redis.restart();
      await load.done;
      const { problems, events } = await verifyPipeline(pipeline, load);
      expect(problems).toEqual([]);
      expect(events.length, "a scan was in the stream and in the table").toBeGreaterThan(distinct(events));
    });

    it("when each batch is delivered twice and the consumer is killed before it commits", async () => {
      const pipeline = await open();
      await pipeline.startRelay();
      const scanning = await pipeline.startScanning();
      const deaths = 4;
      const load = scan(pipeline.codes, [scanning.url], {}, SCANS / (deaths + 1));
      for (let death = 1; death <= deaths; death++) {
        await pipeline.runUntilKilled("persist-process.ts", pipeline.group, String(death % 2));
        load.allow(((death + 1) * SCANS) / (deaths + 1));
      }
      let repeated = 0;
      await pipeline.startPersisting((handle) => async (event) => {
        await handle(event);
        const again = await handle(event);
        expect(again.persisted, "a second delivery persists nothing").toBe(0);
        repeated += again.duplicates;
        return again;
      });
      await load.done;
      const { problems } = await verifyPipeline(pipeline, load);
      expect(problems).toEqual([]);
      expect(repeated).toBeGreaterThan(0);
    });

    it("when Redis is flushed after the run: a read or the next batch brings each counter back", async () => {
      const pipeline = await open();
      await pipeline.startRelay();
      await pipeline.startPersisting();
      const [scanning, withoutRedis] = [
        await pipeline.startScanning(),
        await pipeline.startScanning(NO_REDIS),
      ];
      const { stack, codes } = pipeline;
      const { redis } = stack.services;
      const load = scan(codes, [scanning.url], {});
      await load.done;
      expect((await verifyPipeline(pipeline, load)).problems).toEqual([]);
      const before = await countersOf(pipeline, codes);
      await redis.command("FLUSHALL");

      const next = 5 * (SCANS + load.unanswered.size);
      const [byGet = [], byStats = [], byScan = [], byBatch = [], byList = []] = inParts(codes, 5);
      for (const code of byGet) {
        expect(await (await stack.call(`/qr/${code}`)).json()).toMatchObject({
          scans: before.get(code)?.scans,
        });
      }
      for (const code of byStats) {
        expect(await (await stack.call(`/qr/${code}/stats`)).json()).toMatchObject(before.get(code) ?? {});
      }
      const read = [...byGet, ...byStats];
      expect(await countersOf(pipeline, read)).toEqual(new Map(read.map((code) => [code, before.get(code)])));

      // The first scan of each fills its link, which brings the total back; the day follows with the batch.
      const scans = scan(byScan, [scanning.url], { scans: byScan.length, clients: 1, firstNumber: next });
      await scans.done;
      for (const [code, { scans }] of await countersOf(pipeline, byScan)) {
        expect(scans).toBe((before.get(code)?.scans ?? 0) + 1);
      }
      const batch = { scans: byBatch.length, clients: 1, firstNumber: next + byScan.length };
      const others = scan(byBatch, [withoutRedis.url], batch);
      await others.done;
      await settled(pipeline, redis);
      const scanned = [...byScan, ...byBatch];
      for (const [code, counters] of await countersOf(pipeline, scanned)) {
        const { scans = 0, today = 0 } = before.get(code) ?? {};
        expect(counters).toEqual({ scans: scans + 1, today: today + 1 });
      }

      const listed = (await (await stack.call("/qr")).json()) as {
        qrCodes: { qrId: string; scans: number }[];
      };
      expect(listed.qrCodes).toHaveLength(codes.length);
      for (const { qrId, scans } of listed.qrCodes) {
        expect(scans).toBe((before.get(qrId)?.scans ?? 0) + (scanned.includes(qrId) ? 1 : 0));
      }
      for (const [code, { scans }] of await countersOf(pipeline, byList)) {
        expect(scans).toBe(before.get(code)?.scans);
      }
      for (const code of byList) await stack.call(`/qr/${code}`);

      expect((await verifyPipeline(pipeline, load, scans, others)).problems).toEqual([]);
      for (const code of codes) {
        expect(await redis.command("TTL", CacheKeys.scanCount(code)), "a total never expires").toBe(-1);
        const ttl = Number(await redis.command("TTL", CacheKeys.dailyScanCount(code, utcDate(Date.now()))));
        expect(ttl, "a daily counter expires within a day").toBeGreaterThan(0);
        expect(ttl).toBeLessThanOrEqual(86_400);
      }
    });

    it("when Kafka hangs and is down for long: the full stream spills, and each code's scans arrive in order", async () => {
      const bound = 500;
      /** So many scans come while the stream is at its bound, before it has to be back below. */
      const step = 1_000 - CODES;
      const pipeline = await open({ env: { OUTBOX_MAX_LENGTH: String(bound) } });
      const { redis } = pipeline.stack.services;
      await pipeline.startPersisting();
      const scanning = await pipeline.startScanning();
      const memory = await usedMemory(redis);
      const withoutKafka = SCANS * 0.9;
      kafka.pause();
      const load = scan(pipeline.codes, [scanning.url], { clients: CODES, ownCodes: true }, 2 * bound);
      await pipeline.runUntilKilled("relay-process.ts", "mid-spill" satisfies RelayStep);
      const stopRelay = await pipeline.startRelay();
      let [longest, largest, inStream] = [0, 0, 0];
      const relieved = async () => {
        [inStream] = await waiting(redis, pipeline.stack.database);
        return inStream < bound;
      };
      for (let allowed = 2 * bound; allowed < withoutKafka; ) {
        await until(relieved, () => `${inStream} events wait in a stream that may hold ${bound}`);
        if (allowed > withoutKafka / 2) await kafka.kill();
        allowed = Math.min(allowed + step, withoutKafka);
        load.allow(allowed);
        await load.reached(allowed);
        longest = Math.max(longest, (await waiting(redis, pipeline.stack.database))[0]);
        largest = Math.max(largest, await usedMemory(redis));
      }
      // Each client may have one more under way when the others are stopped.
      const mostWaiting = bound + step + CODES;
      expect(longest).toBeLessThanOrEqual(mostWaiting);
      expect(largest - memory).toBeLessThan(mostWaiting * EVENT_BYTES);
      const [, spilled] = await waiting(redis, pipeline.stack.database);
      expect(spilled).toBeGreaterThan(withoutKafka - mostWaiting);

      await kafka.restart();
      load.allow(SCANS);
      await load.done;
      const { problems, events } = await verifyPipeline(pipeline, load);
      expect(problems).toEqual([]);
      expect(outOfOrder(events)).toEqual([]);
      expect((await stopRelay()).spilled).toBeGreaterThan(0);
    });

    it("when two batches are handed over at once and the connection breaks: neither is taken for the other", async () => {
      const { publisher, line, sent, arrived } = await openPublisher();
      const [first, second, third] = sent;
      await publisher.publish(first);
      line.deafen();
      // The library gives the sequence numbers of the one that fails to the next in its queue.
      const outcomes = Promise.allSettled([publisher.publish(second), publisher.publish(third)]);
      await arrived(20);
      line.breakOff();
      expect(await outcomes).toMatchObject([{ status: "fulfilled" }, { status: "fulfilled" }]);
      expect(await arrived(30)).toEqual(ids(sent.flat()));
    });

    it("when Kafka has stored a batch and its acknowledgement is lost: what is published next is not taken for it", async () => {
      const { publisher, line, sent, arrived } = await openPublisher();
      const [first, second, third] = sent;
      await publisher.publish(first);
      line.deafen();
      const lost = publisher.publish(second).catch((error: Error) => error);
      await arrived(20);
      line.cut();
      expect(await lost).toBeInstanceOf(Error);
      line.mend();
      await publisher.publish(third);
      expect(await arrived(30)).toEqual(ids(sent.flat()));
    });

    it("when the consumer died after its commit: the second delivery raises the counters", async () => {
      const pipeline = await open({ codes: 1 });
      const { services } = pipeline.stack;
      const withoutRedis = await pipeline.startScanning(NO_REDIS);
      const load = scan(pipeline.codes, [withoutRedis.url], { scans: 20, clients: 1 });
      await load.done;
      const persistScans = createHandler(services);
      const dying = createHandler({ ...services, redis: { ...services.redis, script: refused } });
      const persisted: number[] = [];
      const twice: BatchHandler = async (event) => {
        persisted.push((await dying(event)).persisted);
        const again = await persistScans(event);
        persisted.push(again.persisted);
        return again;
      };
      await runRelay(services, inProcessTopic(pipeline.topic, twice), {
        outboxMaxLength: 1_000,
        signal: new AbortController().signal,
        idleMs: 0,
      });
      expect(persisted).toEqual([20, 0]);
      const counters = await countersOf(pipeline, pipeline.codes);
      expect([...counters.values()]).toEqual([{ scans: 20, today: 20 }]);
    });

    it("when Redis could not be reached in time: the command is not carried out later", async () => {
      const { redis: server } = await open({ codes: 1, durableRedis: true });
      const redis = respRedis(server.url, 250);
      onTestFinished(redis.close);
      expect(await redis.command("INCR", "count")).toBe(1);
      await server.kill();
      // From the fifth attempt to connect on the client leaves a second before the next.
      await refuseConnections(server.port, 5);
      let confirmed = 1;
      const attempts: Promise<void>[] = [];
      const restarted = server.restart();
      while (confirmed === 1) {
        const attempt = redis.command("INCR", "count").then(
          () => {
            confirmed += 1;
          },
          () => {},
        );
        attempts.push(attempt);
        await sleep(20);
      }
      await Promise.all([...attempts, restarted]);
      expect(await redis.command("GET", "count")).toBe(String(confirmed));
    });
  },
);

const ids = (events: QrEvent[]) => events.map(({ eventId }) => eventId);
/** A publisher over connections that can be disturbed, and three batches of one code. */
async function openPublisher() {
  const { kafka: client, topic } = await open({ codes: 1 });
  const line = tappedLine();
  const config: KafkaConfig = {
    brokers: [kafka.brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 1, initialRetryTime: 50 },
    socketFactory: line.socketFactory,
  };
  const publisher = kafkaPublisher(new kafkajs.Kafka(config), topic);
  onTestFinished(publisher.close);
  let read: string[] = [];
  return {
    publisher,
    line,
    sent: [madeUpEvents(10), madeUpEvents(10), madeUpEvents(10)] as const,
    /** Waits until so many different events are on the topic, and tells which, in the order of their first coming. */
    async arrived(count: number): Promise<string[]> {
      await until(
        async () => {
          read = [...new Set(ids(await readTopic(client, topic)))];
          return read.length >= count;
        },
        () => `${read.length} events are on the topic, not ${count}`,
      );
      return read;
    },
  };
}

/** Connections whose far end can fall silent or be lost. */
function tappedLine() {
  const sockets: Socket[] = [];
  let isCut = false;
  const breakOff = () => {
    for (const socket of sockets) socket.destroy(new Error("the line broke"));
  };
  return {
    socketFactory: (({ host, port, onConnect }) => {
      const socket = connect(port, host, onConnect);
      if (isCut) socket.destroy(new Error("the line is cut"));
      sockets.push(socket);
      return socket;
    }) satisfies ISocketFactory,
    /** What is sent still arrives; what is answered does not. */
    deafen() {
      for (const socket of sockets) socket.pause();
    },
    /** The connections there are break; others can be made. */
    breakOff,
    /** No connection works. */
    cut() {
      isCut = true;
      breakOff();
    },
    mend() {
      isCut = false;
    },
  };
}

/** Listens where a server has been, until so many connections were made, and ends each of them. */
async function refuseConnections(port: number, count: number): Promise<void> {
  let made = 0;
  const stranger = createServer((socket) => {
    made += 1;
    socket.destroy();
  }).listen(port, "127.0.0.1");
  await once(stranger, "listening");
  await until(
    () => made >= count,
    () => `${made} of ${count} attempts to connect were made`,
  );
  stranger.close();
  await once(stranger, "close");
}

const refused = () => Promise.reject(new RedisFailure("down", "as if the process had ended"));

function inParts<T>(items: T[], parts: number): T[][] {
  const size = items.length / parts;
  return Array.from({ length: parts }, (_, part) => items.slice(part * size, (part + 1) * size));
}

/** The live counters of codes; one that is absent is 0. */
async function countersOf({ stack }: ScanPipeline, codes: string[]) {
  const today = utcDate(Date.now());
  const keys = codes.flatMap((code) => [CacheKeys.scanCount(code), CacheKeys.dailyScanCount(code, today)]);
  const values = (await stack.services.redis.command("MGET", ...keys)) as (string | null)[];
  return new Map(
    codes.map((code, at) => [code, { scans: Number(values[2 * at]), today: Number(values[2 * at + 1]) }]),
  );
}

/** Waits until the scans that Redis does not hold are persisted: all but those in its stream when it ended. */
async function persistedWithoutRedis({ stack }: ScanPipeline): Promise<void> {
  let waiting = 0;
  await until(
    async () => {
      const [row] = await stack.database.sql<{ waiting: number }>(
        "SELECT (SELECT count(*) FROM event_outbox)::int + (SELECT count(*) = 0 FROM pending_counters)::int AS waiting",
      );
      waiting = row?.waiting ?? 0;
      return waiting === 0;
    },
    () => `${waiting} events wait in the table, or no counter is left to be raised`,
  );
}

async function usedMemory(redis: RedisPort): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(String(await redis.command("INFO", "memory")))?.[1]);
}

/** Scans that are on the topic behind a later one of the same code. What was published again does not count. */
function outOfOrder(events: QrEvent[]): string[] {
  const seen = new Set<string>();
  const latest = new Map<string, QrEvent>();
  const found: string[] = [];
  for (const event of events) {
    if (event.type !== "qr.scanned" || seen.has(event.eventId)) continue;
    seen.add(event.eventId);
    const before = latest.get(event.qrId);
    if (before && numberOf(before) > numberOf(event)) {
      found.push(`${event.qrId}: scan ${numberOf(event)} behind ${numberOf(before)}`);
    }
    latest.set(event.qrId, event);
  }
  return found;
}

function numberOf(event: QrEvent): number {
  return scanNumber("referrerHost" in event ? event.referrerHost : null);
}

/** Events of one code, in order. */
function madeUpEvents(count: number): QrEvent[] {
  return Array.from({ length: count }, () => ({
    eventId: uuidv7(),
    type: "qr.deleted" as const,
    version: 1 as const,
    occurredAt: new Date().toISOString(),
    tenantId: "tenant_a",
    qrId: "code",
  }));
}
