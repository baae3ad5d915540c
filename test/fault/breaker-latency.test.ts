import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startRedisServer } from "../../bin/local/redis-server.ts";
import type { RedisPort } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { upstashRedis } from "../../data/redis/upstash.ts";
import { answerOf, ENDPOINTS, newTenant, scansOf } from "../support/failure-matrix.ts";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import { lacks } from "../support/requirements.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { startUpstashServer } from "../support/upstash-server.ts";

const withoutServer = await lacks("redis-server");

/** The service's deadline for Redis. */
const TIMEOUT_MS = 600;
/** Failures in a row that open the breaker, and how long it then waits before the next probe. */
const FAILURES_TO_OPEN = 5;
const PROBE_AFTER_MS = 1_000;

/** Counts the calls that reach a client: while Redis is silent, each of them costs its caller a deadline. */
function counting(redis: RedisPort): RedisPort & { calls: number } {
  const counted = {
    calls: 0,
    command: (name: string, ...args: string[]) => count(() => redis.command(name, ...args)),
    script: (...call: Parameters<RedisPort["script"]>) => count(() => redis.script(...call)),
    close: () => redis.close(),
  };
  function count<T>(call: () => T): T {
    counted.calls += 1;
    return call();
  }
  return counted;
}

describe.skipIf(withoutServer).each(["RESP", "Upstash"])(
  "with a Redis over %s that is silent,",
  (adapter) => {
    const cleanUps: (() => unknown)[] = [];
    let proxy: FaultProxy;
    let redis: ReturnType<typeof counting>;
    let stack: TestStack;
    let tenant: string;
    /** The breaker's clock, in milliseconds. */
    let time: number;

    beforeEach(async () => {
      const server = await startRedisServer();
      cleanUps.push(server.stop);
      const upstash = adapter === "Upstash" ? await startUpstashServer(server.url) : undefined;
      if (upstash) cleanUps.push(upstash.stop);
      proxy = await startFaultProxy(upstash ? Number(new URL(upstash.url).port) : server.port);
      cleanUps.push(proxy.stop);
      const place = `127.0.0.1:${proxy.port}`;
      redis = counting(
        upstash
          ? upstashRedis(`http://${place}`, upstash.token, TIMEOUT_MS)
          : respRedis(`redis://${place}`, TIMEOUT_MS),
      );
      stack = await startTestStack({ redis });
      cleanUps.push(stack.close);
      tenant = await newTenant(stack.database.sql);
      expect((await answerOf("scan", stack, tenant)).reply.status).toBe(302);
      await stack.database.sql("DELETE FROM event_outbox");
      time = performance.now();
      vi.spyOn(performance, "now").mockImplementation(() => time);
      await proxy.become({ kind: "black-hole" });
      redis.calls = 0;
    });
    afterEach(async () => {
      vi.restoreAllMocks();
      for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
    });

    /** Scans so often, so many at a time; each has to redirect. */
    async function scan(times: number, atATime: number): Promise<void> {
      let left = times;
      const client = async () => {
        while (left-- > 0) {
          const reply = await ENDPOINTS.scan.ask(stack, tenant);
          expect(reply.status).toBe(302);
        }
      };
      await Promise.all(Array.from({ length: atATime }, client));
    }

    it("five scans in a row wait for it, and no other one until a second has passed", async () => {
      await scan(FAILURES_TO_OPEN, 1);
      expect([redis.calls, stack.services.redis.state()]).toEqual([FAILURES_TO_OPEN, "open"]);
      await scan(20, 1);
      time += PROBE_AFTER_MS - 1;
      await scan(20, 20);
      expect(redis.calls).toBe(FAILURES_TO_OPEN);
    });

    it("no more scans wait for it than were under way when the fifth failed", async () => {
      const atATime = 10;
      await scan(100, atATime);
      expect(redis.calls).toBeGreaterThanOrEqual(FAILURES_TO_OPEN);
      expect(redis.calls).toBeLessThan(FAILURES_TO_OPEN + atATime);
    });

    it("one scan per second probes it, whatever comes at the same time, until it answers", async () => {
      await scan(FAILURES_TO_OPEN, FAILURES_TO_OPEN);
      for (let second = 1; second <= 3; second++) {
        time += PROBE_AFTER_MS;
        await scan(40, 20);
        expect(redis.calls).toBe(FAILURES_TO_OPEN + second);
      }
      await proxy.become({ kind: "pass" });
      // Connections that are dead for good are found out one by one, and replaced.
      const patiently = { timeout: 10_000, interval: 50 };
      await vi.waitFor(async () => {
        time += PROBE_AFTER_MS;
        await scan(1, 1);
        expect(stack.services.redis.state()).toBe("closed");
      }, patiently);
      await vi.waitFor(async () => {
        const { streamed } = await scansOf(stack, stack.database.sql, tenant);
        await scan(20, 5);
        expect((await scansOf(stack, stack.database.sql, tenant)).streamed).toBe(streamed + 20);
      }, patiently);
    });

    it("a scan waits for one deadline at most, and of 600 no more than those before it opened", async () => {
      const clients = 5;
      for (let scans = 1; scans <= FAILURES_TO_OPEN; scans++) {
        await scan(1, 1);
        expect(redis.calls).toBe(scans);
      }
      await scan(300 - FAILURES_TO_OPEN, clients);
      expect(redis.calls).toBeLessThan(FAILURES_TO_OPEN + clients);
      const { calls } = redis;
      await scan(300, clients);
      expect(redis.calls).toBe(calls);
      const captured = await stack.database.sql("SELECT 1 FROM event_outbox WHERE type = 'qr.scanned'");
      expect(captured).toHaveLength(600);
    });
  },
);
