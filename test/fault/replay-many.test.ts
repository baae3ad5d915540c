import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import type { Publisher } from "../../data/kafka/publisher.ts";
import type { ImportReport } from "../../functions/import/schema.ts";
import { type RelayReport, runRelay } from "../../functions/relay/relay.ts";
import { lacks } from "../support/requirements.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const CODES = 10_000;

/** Staleness ends so soon once Redis is back, in milliseconds. */
const MAX_STALE_MS = 60_000;

const TENANT = "tenant_outage";
const SEEN = ["out-0", "out-1234", "out-9999"];

let redisServer: RedisServer;
let stack: TestStack;
beforeAll(async () => {
  if (await lacks("redis-server")) return;
  redisServer = await startRedisServer();
  stack = await startTestStack({ env: { REDIS_URL: redisServer.url, REDIS_TIMEOUT_MS: "2000" } });
});
afterAll(async () => {
  await stack?.close();
  await redisServer?.stop();
});

const targetOf = (version: string) => `https://example.com/${version}`;

async function importAll(version: string): Promise<ImportReport> {
  const rows = Array.from({ length: CODES }, (_, index) => `out-${index},${targetOf(version)}`);
  const reply = await stack.call("/import?onConflict=update", {
    method: "POST",
    tenant: TENANT,
    body: ["qrId,targetUrl", ...rows].join("\n"),
    headers: { "content-type": "text/csv" },
  });
  expect(reply.status).toBe(200);
  return (await reply.json()) as ImportReport;
}

const read = async (path: string) => (await stack.call(path, { tenant: TENANT })).json();

/** What the service shows of codes that were cached before: in the list, by themselves, and when they are scanned. */
async function shown(): Promise<string[]> {
  const { qrCodes } = (await read("/qr")) as { qrCodes: { targetUrl: string }[] };
  const targets = qrCodes.map(({ targetUrl }) => targetUrl);
  for (const qrId of SEEN) {
    targets.push(((await read(`/qr/${qrId}`)) as { targetUrl: string }).targetUrl);
    const scan = await stack.call(`/scan/${qrId}`, { tenant: null, redirect: "manual" });
    targets.push(String(scan.headers.get("location")));
  }
  return [...new Set(targets)];
}

const pending = async () => {
  const [row] = await stack.database.sql<{ count: number }>(
    "SELECT count(*)::int FROM pending_invalidations",
  );
  return row?.count;
};

/** A broker that takes a batch and never answers. */
function hangingKafka(): { publisher: Publisher; asked: () => number; letGo: () => void } {
  let asked = 0;
  const { promise, reject } = Promise.withResolvers<void>();
  return {
    publisher: {
      publish: () => {
        asked += 1;
        return promise;
      },
      close: async () => {},
    },
    asked: () => asked,
    letGo: () => reject(new Error("no broker")),
  };
}

describe.skipIf(await lacks("redis-server"))(
  "10,000 codes that changed while Redis was silent",
  { timeout: 180_000 },
  () => {
    it("are shown as they are within a minute of its return, while Kafka hangs", async () => {
      expect(await importAll("before")).toMatchObject({ created: CODES });
      expect(await shown()).toEqual([targetOf("before")]);
      process.kill(redisServer.pid, "SIGSTOP");
      try {
        expect(await importAll("after")).toMatchObject({ updated: CODES });
      } finally {
        process.kill(redisServer.pid, "SIGCONT");
      }
      expect(await pending()).toBe(CODES);

      const kafka = hangingKafka();
      const stopping = new AbortController();
      const relay: Promise<RelayReport> = runRelay(stack.services, kafka.publisher, {
        outboxMaxLength: 100_000,
        idleMs: MAX_STALE_MS,
        signal: stopping.signal,
      });
      try {
        await vi.waitFor(async () => expect(await pending()).toBe(0), {
          timeout: MAX_STALE_MS,
          interval: 200,
        });
        // It has hung since its first batch.
        expect(kafka.asked()).toBe(1);
        expect(await shown()).toEqual([targetOf("after")]);
      } finally {
        stopping.abort();
        kafka.letGo();
      }
      expect(await relay).toMatchObject({ published: 0, invalidations: CODES });
    });
  },
);
