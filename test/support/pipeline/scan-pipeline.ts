import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import kafkajs, { type Kafka } from "kafkajs";
import { startConsumer } from "../../../bin/local/consumer.ts";
import { type RedisServer, startRedisServer } from "../../../bin/local/redis-server.ts";
import { Teardown } from "../../../bin/local/teardown.ts";
import { kafkaPublisher } from "../../../data/kafka/kafka-publisher.ts";
import { type BatchHandler, createHandler } from "../../../functions/persist-scans/handler.ts";
import { housekeep, keptMonths } from "../../../functions/relay/housekeep.ts";
import { type RelayReport, runRelay } from "../../../functions/relay/relay.ts";
import { required } from "../../../functions/runtime/env.ts";
import { kafkaConfig } from "../../../functions/runtime/kafka-config.ts";
import { type Process, startProcess } from "../kafka/process.ts";
import { withLog } from "../kafka/ready.ts";
import type { KafkaServer } from "../kafka/server.ts";
import { freePort } from "../kafka/settings.ts";
import { startTestStack, type TestStack } from "../test-stack.ts";
import { createTopic, testKafka, withSessionTimeout } from "./topic.ts";

/** Compiled modules are kept, so that a process which is killed often starts often and fast. */
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "../../../node_modules/.cache/compiled");

/** After Kafka was killed its group waits so long for the consumer that was there before. */
const SESSION_MS = 3_000;

export interface ScanPipelineOptions {
  codes: number;
  /** Whether Redis confirms no write before it is on the disk; else it keeps nothing when it ends. */
  durableRedis?: boolean;
  /** Variables over those that the pipeline needs. */
  env?: Record<string, string>;
}

/** A process that answers scans. */
export interface ScanProcess {
  readonly url: string;
  /** SIGKILL, and another process on the same port. */
  replace(): Promise<void>;
}

/** A service of one's own: database, Redis, topic, codes. Its moving parts are started one by one. */
export interface ScanPipeline {
  stack: TestStack;
  redis: RedisServer;
  kafka: Kafka;
  topic: string;
  /** The group of its consumers. */
  group: string;
  codes: string[];
  /** Starts a process that answers scans. @param env variables over those of the pipeline */
  startScanning(env?: Record<string, string>): Promise<ScanProcess>;
  /** Runs the relay in this process; the function that is returned stops it. */
  startRelay(): Promise<() => Promise<RelayReport>>;
  /** Runs the consumer in this process. @param around what to do instead of handling a batch once */
  startPersisting(around?: (handle: BatchHandler) => BatchHandler): Promise<void>;
  /** Runs a script of this folder, with the pipeline's variables as its last argument, until it has killed itself. */
  runUntilKilled(script: string, ...args: string[]): Promise<void>;
  /** Ends all that was started and is still running. */
  close(): Promise<void>;
}

export async function openScanPipeline(
  server: KafkaServer,
  { codes: count, durableRedis, env: given = {} }: ScanPipelineOptions,
): Promise<ScanPipeline> {
  const teardown = new Teardown();
  try {
    const folder = await mkdtemp(join(tmpdir(), "qr-service-pipeline-"));
    teardown.add(() => rm(folder, { recursive: true, force: true }));
    const redis = await startRedisServer(
      durableRedis ? { dataFolder: folder, args: ["--appendfsync", "always"] } : {},
    );
    teardown.add(redis.stop);
    const kafka = testKafka(server.brokers);
    const topic = `qr.events.${Date.now()}`;
    await createTopic(kafka, topic);
    const stack = await startTestStack({
      env: {
        REDIS_URL: redis.url,
        KAFKA_BROKERS: server.brokers,
        KAFKA_TOPIC: topic,
        LOG_LEVEL: "WARN",
        // The default: here a Redis that hangs is one of the cases.
        REDIS_TIMEOUT_MS: "250",
        ...given,
      },
    });
    teardown.add(stack.close);
    await housekeep(stack.services, keptMonths(stack.services.env));
    const codes = await Promise.all(Array.from({ length: count }, () => newCode(stack)));
    return pipelineOf(
      { stack, redis, kafka, topic, group: `${topic}.persist-scans`, codes },
      folder,
      teardown,
    );
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

function pipelineOf(
  base: Pick<ScanPipeline, "stack" | "redis" | "kafka" | "topic" | "group" | "codes">,
  folder: string,
  teardown: Teardown,
): ScanPipeline {
  const { stack, topic, group } = base;
  const { services } = stack;

  async function start(script: string, args: string[], env: object, log: string): Promise<Process> {
    const variables = JSON.stringify({ ...services.env, ...env });
    const file = join(import.meta.dirname, script);
    const child = await startProcess(process.execPath, [file, ...args, variables], log);
    teardown.add(async () => {
      child.signal("SIGKILL");
      await child.ended;
    });
    return child;
  }

  return {
    ...base,
    close: () => teardown.run(),

    async runUntilKilled(script, ...args) {
      const log = join(folder, `${script}.log`);
      const ending = await (await start(script, args, {}, log)).ended;
      if (ending !== "SIGKILL") throw await withLog(`${script} ${args.join(" ")} ended with ${ending}`, log);
    },

    async startScanning(env = {}) {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const log = join(folder, `scanning-${port}.log`);
      const launch = async () => {
        const child = await start("scan-process.ts", [String(port)], env, log);
        await answers(child, url, log);
        return child;
      };
      let child = await launch();
      return {
        url,
        async replace() {
          child.signal("SIGKILL");
          await child.ended;
          child = await launch();
        },
      };
    },

    async startRelay() {
      const kafka = new kafkajs.Kafka(await kafkaConfig(services.env, "qr-service-relay", stack.log));
      const publisher = kafkaPublisher(kafka, topic);
      const stopping = new AbortController();
      const run = runRelay(services, publisher, {
        outboxMaxLength: Number(required(services.env, "OUTBOX_MAX_LENGTH")),
        signal: stopping.signal,
        idleMs: Number.POSITIVE_INFINITY,
      });
      const stop = async () => {
        stopping.abort();
        const report = await run;
        await publisher.close();
        return report;
      };
      teardown.add(stop);
      return stop;
    },

    async startPersisting(around = (handle) => handle) {
      const kafka = new kafkajs.Kafka(await kafkaConfig(services.env, "qr-service-persist-scans", stack.log));
      const impatient = withSessionTimeout(kafka, SESSION_MS);
      const consumer = await startConsumer(impatient, topic, group, around(createHandler(services)));
      teardown.add(() => consumer.disconnect());
    },
  };
}

async function newCode(stack: TestStack): Promise<string> {
  const reply = await stack.call("/generate", {
    method: "POST",
    json: { targetUrl: "https://example.com/menu" },
  });
  return ((await reply.json()) as { qrId: string }).qrId;
}

async function answers(child: Process, url: string, log: string): Promise<void> {
  let ending: number | NodeJS.Signals | undefined;
  void child.ended.then((how) => {
    ending = how;
  });
  for (;;) {
    if (ending !== undefined) throw await withLog(`the scanning process ended with ${ending}`, log);
    try {
      // A path that no route has: it is answered as soon as anything is.
      await (await fetch(`${url}/`)).text();
      return;
    } catch {
      await sleep(10);
    }
  }
}
