import type { setTimeout } from "node:timers/promises";
import { afterAll, expect, it, vi } from "vitest";
import { memoryRedis } from "../../bin/local/memory-redis/index.ts";
import type { Db } from "../../data/postgres/db.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { runRelay } from "../../functions/relay/relay.ts";
import { readEnv } from "../../functions/runtime/env.ts";
import { servicesFrom } from "../../functions/runtime/services.ts";
import { recordLog } from "../support/log-recorder.ts";
import { capturedScan, streamEntry } from "../support/scan-events.ts";

const pauses = vi.hoisted((): number[] => []);

// No pause ever ends by itself.
vi.mock("node:timers/promises", async (original) => ({
  ...(await original<object>()),
  setTimeout: ((ms = 0, _value, { signal } = {}) => {
    pauses.push(ms);
    return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  }) as typeof setTimeout,
}));

/** A database in which nothing waits. */
const emptyDb: Db = {
  read: async () => [],
  readWithin: async () => [],
  write: async () => [],
  transaction: () => Promise.reject(new Error("not used")),
  autocommit: () => Promise.reject(new Error("not used")),
  close: async () => {},
};

const services = await servicesFrom(readEnv(["redis"], { REDIS_URL: "redis://127.0.0.1:1" }), {
  redis: memoryRedis(),
  db: emptyDb,
  log: recordLog(),
});
afterAll(() => services.close());

it.each([
  { state: "idle", pause: 200, publish: async () => {} },
  {
    state: "waiting for another attempt",
    pause: 1_000,
    publish: () => Promise.reject(new Error("no broker")),
  },
])("a run of the relay that is $state ends at once when its signal fires", async ({ pause, publish }) => {
  pauses.length = 0;
  await services.redis.command("XADD", CacheKeys.outbox, "*", ...streamEntry(capturedScan()));
  const stopping = new AbortController();
  const run = runRelay(
    services,
    { publish, close: async () => {} },
    { outboxMaxLength: 1_000, signal: stopping.signal, idleMs: Number.POSITIVE_INFINITY },
  );
  await vi.waitFor(() => expect(pauses).toContain(pause), { timeout: 10_000 });
  stopping.abort();
  expect(await run).toMatchObject({ published: pause === 200 ? 1 : 0 });
});
