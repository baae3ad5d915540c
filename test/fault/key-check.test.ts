import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { DATABASE, Unavailable } from "../../core/errors.ts";
import type { Db } from "../../data/postgres/db.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { RedisFailure, type RedisPort } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { upstashRedis } from "../../data/redis/upstash.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { keepOutOfLogs } from "../support/log-recorder.ts";
import { lacks } from "../support/requirements.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { startUpstashServer, type UpstashServer } from "../support/upstash-server.ts";

const PATIENCE_MS = 5_000;

describe.skipIf(await lacks("redis-server")).each(["RESP", "Upstash"])(
  "the check of a key, over %s,",
  (adapter) => {
    let redisServer: RedisServer;
    let upstash: UpstashServer | undefined;
    let database: TestDatabase;
    /** Two processes over the same servers. */
    let stack: TestStack;
    let other: TestStack;
    const away = { redis: false, postgres: false };
    let key: string;
    let keyId: string;

    beforeAll(async () => {
      redisServer = await startRedisServer();
      upstash = adapter === "Upstash" ? await startUpstashServer(redisServer.url) : undefined;
      database = await testDatabase();
      const start = () =>
        startTestStack({
          redis: leavingRedis(connect()),
          db: leavingDb(postgresDb(database.url, { poolSize: 5, timeoutMs: 10_000 })),
        });
      stack = await start();
      other = await start();
    });
    afterAll(async () => {
      await stack.close();
      await other.close();
      await upstash?.stop();
      await redisServer.stop();
      await database.drop();
    });
    beforeEach(async () => {
      Object.assign(away, { redis: false, postgres: false });
      // Closes the breaker that the test before has opened.
      for (const { services } of [stack, other])
        await expect
          .poll(() => services.cache.setCache("qr-service:health", 1, 1), { timeout: PATIENCE_MS })
          .toBe(true);
      const made = await stack.call("/keys", {
        method: "POST",
        json: { name: "Machine", scopes: ["qr:read", "qr:admin"] },
      });
      ({ key, keyId } = (await made.json()) as { key: string; keyId: string });
      keepOutOfLogs([key]);
    });

    const connect = (): RedisPort =>
      upstash
        ? upstashRedis(upstash.url, upstash.token, PATIENCE_MS)
        : respRedis(redisServer.url, PATIENCE_MS);

    function leavingRedis(redis: RedisPort): RedisPort {
      const check = () => {
        if (away.redis) throw new RedisFailure("down", "it is away");
      };
      return {
        command: async (...args) => {
          check();
          return redis.command(...args);
        },
        script: async (...args) => {
          check();
          return redis.script(...args);
        },
        close: () => redis.close(),
      };
    }

    function leavingDb(db: Db): Db {
      const check = () => {
        if (away.postgres) throw new Unavailable(DATABASE);
      };
      return {
        ...db,
        read: async (sql, values) => {
          check();
          return db.read(sql, values);
        },
        write: async (sql, values) => {
          check();
          return db.write(sql, values);
        },
        transaction: async (work) => {
          check();
          return db.transaction(work);
        },
      };
    }

    const list = (at: TestStack = stack) =>
      at.call("/qr", { tenant: null, headers: { authorization: `Bearer ${key}` } });
    const statusAt = async (at: TestStack) => (await list(at)).status;
    const revoke = () => stack.call(`/keys/${keyId}`, { method: "DELETE" });

    it("asks Postgres where Redis is away", async () => {
      away.redis = true;
      expect(await statusAt(stack)).toBe(200);
      expect((await revoke()).status).toBe(204);
      for (const at of [stack, other]) expect(await statusAt(at)).toBe(401);
    });

    it("asks Redis alone where Postgres is away", async () => {
      expect(await statusAt(stack)).toBe(200);
      away.postgres = true;
      for (const at of [stack, other]) expect(await statusAt(at)).toBe(200);
    });

    it.each([
      ["both are away", { redis: true, postgres: true }],
      ["Postgres is, and Redis does not know it", { redis: false, postgres: true }],
    ])("is answered with 503, never let in and never 401, where %s", async (_what, servers) => {
      Object.assign(away, servers);
      const reply = await list();
      expect(reply.status).toBe(503);
      expect(reply.headers.get("retry-after")).not.toBeNull();
    });

    it("lets a key in that every process has cached until its revocation is answered, and none after it", async () => {
      for (const at of [stack, other]) expect(await statusAt(at)).toBe(200);
      expect((await revoke()).status).toBe(204);
      for (const at of [stack, other]) expect(await statusAt(at)).toBe(401);
    });

    it("is a register: once any process has refused a key, none takes it again", async () => {
      for (let round = 0; round < 5; round++) {
        let refused = false;
        let taken = 0;
        const watch = async (at: TestStack) => {
          for (let times = 0; times < 12; times++) {
            const mayBeTaken = !refused;
            const status = await statusAt(at);
            if (status === 401) refused = true;
            else if (!mayBeTaken) taken += 1;
          }
        };
        await Promise.all([
          watch(stack),
          watch(other),
          watch(stack),
          watch(other),
          revoke().then(() => (refused = true)),
        ]);
        expect(taken).toBe(0);
        expect(await statusAt(other)).toBe(401);
        const made = await stack.call("/keys", {
          method: "POST",
          json: { name: "Machine", scopes: ["qr:read"] },
        });
        ({ key, keyId } = (await made.json()) as { key: string; keyId: string });
        keepOutOfLogs([key]);
      }
    });

    it("forgets within a minute what Redis was not told", async () => {
      expect(await statusAt(stack)).toBe(200);
      away.redis = true;
      expect((await revoke()).status).toBe(204);
      away.redis = false;
      const left = Number(
        await stack.services.redis.bypassBreaker.command("TTL", `qr-service:api-key:${keyId}`),
      );
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(45);
      expect(
        Number(await stack.services.redis.bypassBreaker.command("TTL", `qr-service:fence:api-key:${keyId}`)),
      ).toBeLessThanOrEqual(60);
    });
  },
);
