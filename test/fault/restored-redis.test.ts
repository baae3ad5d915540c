import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import type { Publisher } from "../../data/kafka/publisher.ts";
import { withBreaker } from "../../data/redis/breaker.ts";
import { codeCache } from "../../data/redis/code-cache.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { forgetRestored } from "../../data/redis/restored-cache.ts";
import { runRelay } from "../../functions/relay/relay.ts";
import { lacks } from "../support/requirements.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { startUpstashServer, type UpstashServer } from "../support/upstash-server.ts";
import { PHONE } from "../support/user-agents.ts";

const OLD = "https://example.com/old";
const NEW = "https://example.com/new";

interface Code {
  qrId: string;
  targetUrl: string;
}

describe.skipIf(await lacks("redis-server")).each(["RESP", "Upstash"])(
  "a Redis over %s that comes back with what it held earlier",
  (adapter) => {
    let folder: string;
    let redisServer: RedisServer;
    let upstash: UpstashServer | undefined;
    let stack: TestStack;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "qr-service-restored-"));
      // Snapshots, in place of the file to which each write is appended.
      redisServer = await startRedisServer({
        dataFolder: folder,
        args: ["--appendonly", "no", "--repl-diskless-sync-delay", "0"],
      });
      upstash = adapter === "Upstash" ? await startUpstashServer(redisServer.url) : undefined;
      stack = await startTestStack({
        env: {
          ...(upstash
            ? { UPSTASH_REDIS_REST_URL: upstash.url, UPSTASH_REDIS_REST_TOKEN: upstash.token }
            : { REDIS_URL: redisServer.url }),
        },
      });
    });
    afterEach(() => redis("FLUSHALL"));
    afterAll(async () => {
      await stack.close();
      await upstash?.stop();
      await redisServer.stop();
      await rm(folder, { recursive: true });
    });

    const redis = (name: string, ...args: string[]) =>
      stack.services.redis.bypassBreaker.command(name, ...args);
    const create = (qrId: string) =>
      stack.call("/generate", { method: "POST", json: { qrId, targetUrl: OLD } });

    async function killAndRestart(): Promise<void> {
      await redisServer.kill();
      await redisServer.restart();
      await vi.waitFor(() => redis("PING"), { timeout: 8_000, interval: 50 });
    }

    /** The types of the events that a run of the relay publishes. */
    async function relayed(): Promise<string[]> {
      const types: string[] = [];
      const publisher: Publisher = {
        publish: async (events) => void types.push(...events.map(({ type }) => type)),
        close: async () => {},
      };
      const signal = new AbortController().signal;
      await runRelay(stack.services, publisher, { outboxMaxLength: 100_000, signal, idleMs: 0 });
      return types;
    }

    /** Where each way of reading says that the code leads. */
    async function targetsOf(qrId: string) {
      const scan = await stack.call(`/scan/${qrId}`, { tenant: null, headers: { "user-agent": PHONE } });
      const code = (await (await stack.call(`/qr/${qrId}`)).json()) as Code;
      const page = (await (await stack.call("/qr")).json()) as { qrCodes: Code[] };
      const listed = page.qrCodes.find((one) => one.qrId === qrId);
      return { scan: scan.headers.get("location"), get: code.targetUrl, list: listed?.targetUrl };
    }
    const everywhere = (target: string) => ({ scan: target, get: target, list: target });

    it("shows old values until the relay looks, and none after that; no count and no event is forgotten", async () => {
      const qrId = `restored-${adapter}`;
      await create(qrId);
      await forgetRestored(stack.services);
      expect(await targetsOf(qrId)).toEqual(everywhere(OLD));
      await redis("SAVE");
      await stack.call(`/qr/${qrId}`, { method: "PATCH", json: { targetUrl: NEW } });
      expect(await targetsOf(qrId)).toEqual(everywhere(NEW));

      await killAndRestart();
      expect(await targetsOf(qrId)).toEqual(everywhere(OLD));
      expect(await relayed()).toEqual(["qr.created", "qr.scanned", "qr.updated", "qr.scanned"]);
      expect(await targetsOf(qrId)).toEqual(everywhere(NEW));
      expect(await redis("GET", CacheKeys.scanCount(qrId))).toBe("3");
      expect(stack.log.lines.filter(({ message }) => message.includes("another server"))).toHaveLength(1);
    });

    it("takes no fill from whoever has read the database before that", async () => {
      const qrId = `slow-${adapter}`;
      const { cache } = stack.services;
      const key = CacheKeys.code("tenant_a", qrId);
      await forgetRestored(stack.services);
      const lookup = await cache.getCache(key);
      await redis("SAVE");
      await killAndRestart();
      await forgetRestored(stack.services);
      const fence = lookup.result === "miss" ? lookup.fence : "";
      expect(await cache.fillCache(key, { from: "before" }, 60, fence)).toEqual({ result: "refused" });
    });

    it("may be a replica that took over before it heard of a change", async () => {
      const qrId = `replicated-${adapter}`;
      await create(qrId);
      await forgetRestored(stack.services);
      await targetsOf(qrId);
      const replica = await startRedisServer({
        dataFolder: join(folder, "replica"),
        args: ["--replicaof", "127.0.0.1", String(redisServer.port)],
      });
      const promoted = withBreaker(respRedis(replica.url, 5_000), stack.log);
      try {
        const cached = [CacheKeys.link(qrId), CacheKeys.list("tenant_a"), CacheKeys.code("tenant_a", qrId)];
        const count = () => promoted.command("EXISTS", ...cached);
        await vi.waitFor(async () => expect(await count()).toBe(3), { timeout: 8_000, interval: 50 });
        await promoted.command("REPLICAOF", "NO", "ONE");
        await forgetRestored({ ...stack.services, redis: promoted, cache: codeCache(promoted) });
        expect(await count()).toBe(0);
        expect(await promoted.command("GET", CacheKeys.scanCount(qrId))).toBe("1");
      } finally {
        await promoted.close();
        await replica.stop();
      }
    });

    it("is taken as it is when it is met for the first time, and while it is the same", async () => {
      const qrId = `same-${adapter}`;
      await create(qrId);
      await targetsOf(qrId);
      await forgetRestored(stack.services);
      await forgetRestored(stack.services);
      expect(
        await redis(
          "EXISTS",
          CacheKeys.link(qrId),
          CacheKeys.list("tenant_a"),
          CacheKeys.code("tenant_a", qrId),
        ),
      ).toBe(3);
    });
  },
);
