import { setTimeout as sleep } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { memoryRedis } from "../../bin/local/memory-redis/index.ts";
import { findRedisServer, type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import type { QrEvent } from "../../core/events/schema.ts";
import type { Publisher } from "../../data/kafka/publisher.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { RedisFailure, type RedisPort } from "../../data/redis/port.ts";
import { relayLease } from "../../data/redis/relay-lease.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { triggerNamed } from "../../functions/manifest.ts";
import { createHandler } from "../../functions/relay/handler.ts";
import { type RelayOptions, type RelayReport, runRelay } from "../../functions/relay/relay.ts";
import { inTurn } from "../support/in-turn.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

let redisServer: RedisServer | undefined;
let redis: RedisPort;
/** Whether Redis refuses the lease, as if it did not answer. */
let leaseless = false;
let stack: TestStack;

beforeAll(async () => {
  redisServer = findRedisServer() ? await startRedisServer() : undefined;
  redis = redisServer ? respRedis(redisServer.url, 5_000) : memoryRedis();
  stack = await startTestStack({
    redis: {
      ...redis,
      script: async (script, keys, args) => {
        if (leaseless && script.name === "hold-lease") throw new RedisFailure("refused", "test");
        return redis.script(script, keys, args);
      },
    },
  });
});
beforeEach(async () => {
  leaseless = false;
  await redis.command("FLUSHALL");
  await stack.database.sql("TRUNCATE event_outbox");
});
afterAll(async () => {
  await stack.close();
  await redisServer?.stop();
});

/** Acknowledges after `delayMs`, or never while it hangs. */
function recorder(delayMs: () => number = () => 0) {
  const events: QrEvent[] = [];
  const publisher: Publisher = {
    async publish(batch) {
      await sleep(delayMs());
      events.push(...batch);
    },
    async close() {},
  };
  return { events, publisher };
}

/** A run of the relay, and how to end it. */
function run(publisher: Publisher, options: Partial<RelayOptions> = {}) {
  const stopping = new AbortController();
  const report: Promise<RelayReport> = runRelay(stack.services, publisher, {
    outboxMaxLength: 100_000,
    idleMs: Number.POSITIVE_INFINITY,
    leaseMs: 2_000,
    signal: stopping.signal,
    ...options,
  });
  const end = () => {
    stopping.abort();
    return report;
  };
  return { report, end };
}

const many = (count: number) => Array.from({ length: count }, () => uuidv7());

async function intoStream(eventIds: string[], codes = 1): Promise<void> {
  const entries = eventIds.map((eventId, index) => {
    const captured = { eventId, qrId: `code-${index % codes}`, occurredAt: Date.now(), bot: false };
    const details = { country: null, userAgent: "", referrerHost: null, visitor: "visitor" };
    const event = JSON.stringify({ ...captured, ...details });
    return ["XADD", CacheKeys.outbox, "*", "event", event, "tenant", "a", "target", "https://example.com/"];
  });
  await inTurn(redis, entries);
}

const idsOf = (events: QrEvent[]) => events.map(({ eventId }) => eventId);
const holder = async () => redis.command("GET", CacheKeys.relayLease);

describe("the lease of the relay", () => {
  it("is one holder's, who renews it, and free once it is given back", async () => {
    let now = 0;
    const [first, second] = [relayLease(redis, 60_000, () => now), relayLease(redis, 60_000, () => now)];
    expect(await first.hold()).toBe("ours");
    expect(await second.hold()).toBe("another's");
    now += 50_000;
    expect([await first.hold(), await second.hold()]).toEqual(["ours", "another's"]);
    expect(Number(await redis.command("PTTL", CacheKeys.relayLease))).toBeGreaterThan(50_000);
    await second.release();
    expect(await second.hold()).toBe("another's");
    await first.release();
    expect(await second.hold()).toBe("ours");
  });

  it("is noticed to be lost, and is not taken away from whoever has it then", async () => {
    let now = 0;
    const [first, second] = [relayLease(redis, 60_000, () => now), relayLease(redis, 60_000, () => now)];
    await first.hold();
    await redis.command("DEL", CacheKeys.relayLease);
    await second.hold();
    now += 30_000;
    expect(await first.hold()).toBe("another's");
    await first.release();
    expect(await second.hold()).toBe("ours");
  });

  it("is taken over at once by a run of the same name, whose predecessor has died", async () => {
    const named = (name: string) => relayLease(redis, 60_000, () => 0, name);
    expect(await named("gateway-1").hold()).toBe("ours");
    expect(await named("gateway-2").hold()).toBe("another's");
    expect(await named("gateway-1").hold()).toBe("ours");
  });

  it("asks Redis no more often than three times in its life", async () => {
    const script = vi.fn(redis.script);
    const lease = relayLease({ ...redis, script }, 60_000, () => 0);
    for (let look = 0; look < 10; look++) await lease.hold();
    expect(script).toHaveBeenCalledTimes(1);
  });
});

describe("runs of the relay that overlap", () => {
  it("work one after the other: the second takes over when the first ends", async () => {
    const [before, after] = [recorder(), recorder()];
    const first = run(before.publisher);
    await vi.waitFor(async () => expect(await holder()).toBeTruthy());
    const second = run(after.publisher);
    const early = many(20);
    await intoStream(early);
    await vi.waitFor(() => expect(before.events).toHaveLength(20), 10_000);
    await first.end();
    const late = many(20);
    await intoStream(late);
    await vi.waitFor(() => expect(after.events).toHaveLength(20), 10_000);
    await second.end();
    expect([idsOf(before.events), idsOf(after.events)]).toEqual([early, late]);
    expect(await holder()).toBeNull();
  });

  it("hand over from one that died once its lease has run out", async () => {
    // Its lease stays, as after a kill.
    const dead = relayLease(redis, 1_000);
    await dead.hold();
    const ids = many(3);
    await intoStream(ids);
    const { events, publisher } = recorder();
    const next = run(publisher);
    await vi.waitFor(() => expect(events).toHaveLength(3), 10_000);
    await next.end();
    expect(idsOf(events)).toEqual(ids);
  });

  it("keep the lease while an attempt to publish takes long", async () => {
    await intoStream(many(1));
    const hanging = Promise.withResolvers<void>();
    const first = run({ publish: () => hanging.promise, async close() {} }, { leaseMs: 600 });
    await vi.waitFor(async () => expect(await holder()).toBeTruthy());
    const holding = await holder();
    const waiting = recorder();
    const second = run(waiting.publisher, { leaseMs: 600 });
    await sleep(1_500);
    const seen = [await holder(), waiting.events.length];
    await second.end();
    hanging.resolve();
    await first.end();
    expect(seen).toEqual([holding, 0]);
  });

  it("publish each code's events in order, to whoever skips what was seen, even without a lease", async () => {
    leaseless = true;
    const ids = many(2_000);
    const { events, publisher } = recorder(() => Math.random() * 40);
    const runs = [run(publisher), run(publisher), run(publisher)];
    for (let start = 0; start < ids.length; start += 100) await intoStream(ids.slice(start, start + 100), 7);
    await vi.waitFor(async () => expect(await redis.command("XLEN", CacheKeys.outbox)).toBe(0), 30_000);
    await Promise.all(runs.map(({ end }) => end()));
    const first = [...new Map(events.map((event) => [event.eventId, event])).values()];
    expect(first).toHaveLength(ids.length);
    for (let code = 0; code < 7; code++) {
      const ofCode = idsOf(first.filter(({ qrId }) => qrId === `code-${code}`));
      expect(ofCode).toEqual(ofCode.toSorted());
    }
  });

  it("leave the stream to the holder: another one spills nothing", async () => {
    await intoStream(many(50));
    leaseless = true;
    const stopping = new AbortController();
    const failing: Publisher = {
      async publish() {
        stopping.abort();
        throw new Error("no broker");
      },
      async close() {},
    };
    const { report } = run(failing, { outboxMaxLength: 20, signal: stopping.signal });
    expect(await report).toMatchObject({ failures: 1, spilled: 0, depth: 50 });
  });
});

describe("a run of the function", () => {
  /** How late a start of the schedule may be, in ms, for the runs of a busy service to touch. */
  const LATE_MS = 15_000;

  it("works until the next one is there, though that is late", async () => {
    const deadlines: number[] = [];
    const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
      deadlines.push(ms);
      return AbortSignal.abort();
    });
    try {
      const handler = createHandler(stack.services, recorder().publisher);
      await handler({}, { getRemainingTimeInMillis: () => triggerNamed("relay").timeoutS * 1_000 });
    } finally {
      timeout.mockRestore();
    }
    expect(deadlines).toContainEqual(60_000 + LATE_MS);
  });
});
