import { setTimeout as sleep } from "node:timers/promises";
import kafkajs from "kafkajs";
import { createTopic } from "../../data/kafka/create-topic.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { startKafka } from "../../test/support/kafka/server.ts";
import { BROWSERS } from "../../test/support/user-agents.ts";
import { fillOutbox } from "../backlog.ts";
import { addCodes, qrId } from "../catalogue.ts";
import { type ChildServer, withChild } from "../child-process.ts";
import { closedLoop } from "../closed-loop.ts";
import { requestBytes } from "../http-connection.ts";
import type { Percentiles } from "../latencies.ts";
import { openLoop } from "../open-loop.ts";
import { type Servers, startServers } from "../servers.ts";
import { sample } from "../statistics.ts";

export interface PipelineOptions {
  /** Events by which relay and consumer are measured alone. */
  events: number;
  /** Events that wait when both begin. */
  backlog: number;
  /** Scans a second that are offered while everything runs, and for how long. */
  rate: number;
  seconds: number;
}

interface Part {
  perSecond: number;
  cpuMicros: number;
}

export interface Sustained {
  /** Scans a second. */
  offered: number;
  answered: number;
  failures: number;
  /** Milliseconds from when a scan was due to its redirect. */
  latency: Percentiles;
  /** How far Postgres was behind the scans meanwhile, in seconds: the middle and the longest of a look each second. */
  lagMedian: number;
  lagMax: number;
  /** Seconds from the last scan until all were in Postgres. */
  drained: number;
  /** Scans that were redirected and are not in Postgres after that. */
  lost: number;
}

export interface Pipeline {
  events: number;
  relay: Part;
  consumer: Part;
  backlog: { events: number; seconds: number };
  sustained: Sustained[];
}

const CODES = 1_000;
const PARTITIONS = 3;

/** Scans after which each link is cached and the code compiled. */
const WARM_UP = 20_000;

/** A service that answers this share of what is offered keeps up with it; else less is offered. */
const KEPT_UP = 0.98;

const POLL_MS = 100;
const GIVE_UP_S = 600;

/** What relay, Kafka and consumer carry, each and together. */
export async function pipeline(
  options: PipelineOptions,
  progress: (line: string) => void,
): Promise<Pipeline> {
  const kafka = await startKafka();
  const servers = await startServers();
  const env = { ...servers.env, KAFKA_BROKERS: kafka.brokers };
  const topicFor = async (name: string) => {
    const client = new kafkajs.Kafka({ brokers: [kafka.brokers], logLevel: kafkajs.logLevel.NOTHING });
    await createTopic(client, name, { partitions: PARTITIONS, replication: 1 });
    return { ...env, KAFKA_TOPIC: name };
  };
  try {
    await addCodes(servers, 1, CODES);
    const { events, backlog, rate, seconds } = options;

    const alone = await topicFor("alone");
    progress(`pipeline: ${events} events through the relay alone`);
    await fillOutbox(servers, events, CODES);
    const relay = await withChild("relay.ts", alone, (child) =>
      timed(child, events, () => outboxIs(servers, 0)),
    );
    progress(`pipeline: ${events} events through the consumer alone`);
    const consumer = await withChild("consumer.ts", alone, (child) =>
      timed(child, events, () => persistedIs(servers, events)),
    );

    const both = await topicFor("both");
    progress(`pipeline: a backlog of ${backlog} events through both`);
    await forget(servers);
    await fillOutbox(servers, backlog, CODES);
    const caughtUp = await withChild("consumer.ts", both, () =>
      withChild("relay.ts", both, async () => {
        const startedAt = performance.now();
        await persistedIs(servers, backlog);
        return (performance.now() - startedAt) / 1_000;
      }),
    );

    const sustained: Sustained[] = [];
    for (const share of [1, 0.75, 0.5, 0.25]) {
      const offered = rate * share;
      progress(`pipeline: ${offered} scans a second for ${seconds} s, through all of it`);
      await forget(servers);
      const result = await sustain(servers, await topicFor(`sustained-${offered}`), offered, seconds);
      sustained.push(result);
      if (result.answered > KEPT_UP * offered) break;
    }
    return { events, relay, consumer, backlog: { events: backlog, seconds: caughtUp }, sustained };
  } finally {
    await servers.stop();
    await kafka.stop();
  }
}

async function timed(child: ChildServer, events: number, done: () => Promise<void>): Promise<Part> {
  const startedAt = performance.now();
  const cpuBefore = await child.cpuMicros();
  await done();
  const cpu = (await child.cpuMicros()) - cpuBefore;
  return { perSecond: (events * 1_000) / (performance.now() - startedAt), cpuMicros: cpu / events };
}

async function sustain(
  servers: Servers,
  env: Record<string, string>,
  rate: number,
  seconds: number,
): Promise<Sustained> {
  const requests = Array.from({ length: CODES }, (_, code) =>
    requestBytes("GET", `/scan/${qrId(0, code)}`, { "user-agent": BROWSERS[code % BROWSERS.length] ?? "" }),
  );
  return withChild("consumer.ts", env, () =>
    withChild("relay.ts", env, () =>
      withChild("service.ts", env, async ({ port }) => {
        const request = (n: number) => requests[n % CODES] as Buffer;
        const warmUp = await closedLoop({ port, connections: 32, requests: WARM_UP, request, status: 302 });
        const lags: number[] = [];
        const looking = setInterval(async () => lags.push(await lag(servers)), 1_000);
        const load = await openLoop({
          port,
          rate,
          seconds,
          connections: 64,
          request,
          status: 302,
        });
        clearInterval(looking);
        const endedAt = performance.now();
        const expected = warmUp.requests + load.requests - load.failures;
        const persisted = await persistedIs(servers, expected).catch(() => persistedScans(servers));
        return {
          offered: rate,
          answered: load.requests / load.seconds,
          failures: load.failures,
          latency: load.latency,
          lagMedian: sample(lags).median,
          lagMax: sample(lags).max,
          drained: (performance.now() - endedAt) / 1_000,
          lost: expected - (persisted ?? expected),
        };
      }),
    ),
  );
}

/** Seconds since the newest scan that is in Postgres; 0 before the first. */
async function lag({ sql }: Servers): Promise<number> {
  const { rows } = await sql.query<{ newest: Date | null }>(
    "SELECT max(last_scanned_at) AS newest FROM scan_totals",
  );
  const newest = rows[0]?.newest;
  return newest ? (Date.now() - newest.getTime()) / 1_000 : 0;
}

async function outboxIs({ redis }: Servers, depth: number): Promise<void> {
  await until(async () => (await redis.xlen(CacheKeys.outbox)) === depth);
}

async function persistedIs(servers: Servers, events: number): Promise<void> {
  await until(async () => (await persistedScans(servers)) >= events);
}

async function persistedScans({ sql }: Servers): Promise<number> {
  const { rows } = await sql.query<{ events: string }>("SELECT sum(scans + bots) AS events FROM scan_totals");
  return Number(rows[0]?.events ?? 0);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + GIVE_UP_S * 1_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not done after ${GIVE_UP_S} s`);
    await sleep(POLL_MS);
  }
}

async function forget({ sql, redis }: Servers): Promise<void> {
  await sql.query("TRUNCATE scan_events, scan_visitors, scan_totals, scan_days, scan_dimensions");
  await redis.flushdb();
}
