import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { utcDate } from "../../core/utc-date.ts";
import type { RedisPort } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { replayInvalidations } from "../../data/replay-invalidations.ts";
import {
  AS_ALWAYS,
  answerOf,
  type EndpointName,
  expectDiscreetLog,
  newTenant,
  round,
  SCANS_BEFORE,
  scansOf,
} from "../support/failure-matrix.ts";
import { lacks } from "../support/requirements.ts";
import { PLAIN_CODE } from "../support/stored-code.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { startUpstashServer, type UpstashServer } from "../support/upstash-server.ts";

const withoutServer = await lacks("redis-server");

/** Every command that may need memory is refused, by a server that holds what it has. */
const FULL = [
  ["CONFIG", "SET", "maxmemory-policy", "noeviction"],
  ["CONFIG", "SET", "maxmemory", "1"],
];
const ROOM = [["CONFIG", "SET", "maxmemory", "0"]];
const READ_ONLY = [
  ["CONFIG", "SET", "replica-read-only", "yes"],
  ["REPLICAOF", "127.0.0.1", "1"],
];
const WRITABLE = [["REPLICAOF", "NO", "ONE"]];

describe.skipIf(withoutServer).each(["RESP", "Upstash"])("with Redis over %s,", (adapter) => {
  let redisServer: RedisServer;
  let upstash: UpstashServer | undefined;
  let stack: TestStack;
  /** Speaks to the server past the service. */
  let admin: RedisPort;

  beforeAll(async () => {
    redisServer = await startRedisServer();
    upstash = adapter === "Upstash" ? await startUpstashServer(redisServer.url) : undefined;
    admin = respRedis(redisServer.url, 5_000);
    stack = await startTestStack({
      env: upstash
        ? { UPSTASH_REDIS_REST_URL: upstash.url, UPSTASH_REDIS_REST_TOKEN: upstash.token }
        : { REDIS_URL: redisServer.url },
    });
  });
  afterEach(async () => {
    for (const [name = "", ...args] of [...ROOM, ...WRITABLE]) await admin.command(name, ...args);
  });
  afterAll(async () => {
    await stack.close();
    await admin.close();
    await upstash?.stop();
    await redisServer.stop();
  });

  const tell = async (commands: string[][]) => {
    for (const [name = "", ...args] of commands) await admin.command(name, ...args);
  };
  const bodyOf = async (name: EndpointName, tenant: string) =>
    JSON.parse((await answerOf(name, stack, tenant)).body);
  const scan = async (tenant: string) => {
    const { reply } = await answerOf("scan", stack, tenant);
    return [reply.status, reply.headers.get("location")];
  };

  /** A tenant whose list, code and link are cached, and whose link was scanned three times. */
  async function cachedTenant(): Promise<string> {
    const tenant = await newTenant(stack.database.sql);
    for (const name of ["list", "get", "stats", "scan", "scan", "scan"] as const) {
      await answerOf(name, stack, tenant);
    }
    return tenant;
  }

  describe.each([
    ["is full", FULL, ROOM],
    ["is a read-only replica", READ_ONLY, WRITABLE],
  ])("a Redis that %s", (_name, begin, end) => {
    it("costs no answer, and is called degraded until it takes writes again", async () => {
      const tenant = await newTenant(stack.database.sql);
      await tell(begin);
      const { statuses, answers } = await round(stack, tenant);
      expect(statuses).toEqual(AS_ALWAYS);
      expect(JSON.parse(answers.health?.body ?? "")).toEqual({
        status: "degraded",
        redis: "failing",
        breaker: "closed",
        postgres: "ok",
      });
      await tell(end);
      expect(await bodyOf("health", tenant)).toMatchObject({ status: "ok", redis: "ok" });
      expectDiscreetLog(stack, [tenant, upstash?.token ?? "redis://"]);
    });

    it("still answers what is cached", async () => {
      const tenant = await cachedTenant();
      await tell(begin);
      expect(await bodyOf("list", tenant)).toMatchObject({ cached: true });
      expect(await bodyOf("get", tenant)).toMatchObject({ cached: true });
      expect((await answerOf("scan by HEAD", stack, tenant)).reply.status).toBe(302);
    });

    it("loses no scan and no count: the events wait in Postgres", async () => {
      const tenant = await cachedTenant();
      await tell(begin);
      for (let scans = 0; scans < 5; scans++) expect((await scan(tenant))[0]).toBe(302);
      expect(await scansOf(stack, stack.database.sql, tenant)).toEqual({
        captured: 8,
        streamed: 3,
        counted: 3,
      });
      await tell(end);
      expect((await scan(tenant))[0]).toBe(302);
      expect(await scansOf(stack, stack.database.sql, tenant)).toEqual({
        captured: 9,
        streamed: 4,
        counted: 4,
      });
    });

    it("shows no old value after a change, or only until the relay has replayed it", async () => {
      const tenant = await cachedTenant();
      await tell(begin);
      const target = "https://example.com/changed";
      const path = `/qr/${tenant}-scanned`;
      const reply = await stack.call(path, { tenant, method: "PATCH", json: { targetUrl: target } });
      expect(reply.status).toBe(200);
      const pending = "SELECT count(*) AS n FROM pending_invalidations WHERE qr_id = $1";
      const [row] = await stack.database.sql<{ n: string }>(pending, [`${tenant}-scanned`]);
      if (row?.n !== "0") {
        await tell(end);
        await stack.database.sql(
          "UPDATE pending_invalidations SET created_at = now() - interval '2 seconds'",
        );
        expect(await replayInvalidations(stack.services)).toBeGreaterThan(0);
      }
      expect(await scan(tenant)).toEqual([302, target]);
      const code = await (await stack.call(path, { tenant })).json();
      expect(code).toMatchObject({ targetUrl: target });
    });
  });

  describe("a Redis that has forgotten the scripts", () => {
    it.each([
      ["by SCRIPT FLUSH", () => admin.command("SCRIPT", "FLUSH")],
      ["in a restart", () => redisServer.restart()],
    ])("(%s) is taught them again; each scan is counted once", async (_how, forget) => {
      const tenant = await cachedTenant();
      await forget();
      const within = { timeout: 8_000, interval: 50 };
      for (const redis of [stack.services.redis.bypassBreaker, admin]) {
        await vi.waitFor(() => redis.command("PING"), within);
      }
      const before = await scansOf(stack, stack.database.sql, tenant);
      expect((await round(stack, tenant)).statuses).toEqual(AS_ALWAYS);
      expect(await scansOf(stack, stack.database.sql, tenant)).toEqual({
        captured: before.captured + 1,
        streamed: before.streamed + 1,
        counted: (before.counted ?? 0) + 1,
      });
      expect(await bodyOf("get", tenant)).toMatchObject({ cached: true });
    });
  });

  describe("a value under a cache's key", () => {
    const code = { ...PLAIN_CODE, targetUrl: "https://example.org/" };
    const { tags: _tags, ...without } = code;
    const BAD = {
      "that is no JSON": ["SET", "{{{"],
      "that is empty": ["SET", ""],
      "that is a JSON number": ["SET", "1"],
      "that is a JSON list": ["SET", "[[]]"],
      "that is an empty object": ["SET", "{}"],
      "of types that are not a code's": ["SET", JSON.stringify({ ...code, targetUrl: 1, tags: "a" })],
      "that lacks a member": ["SET", JSON.stringify(without)],
      "that lacks a member in a list": ["SET", JSON.stringify({ codes: [without], nextCursor: null })],
      "with a cursor that is none": ["SET", JSON.stringify({ codes: [], nextCursor: 7 })],
      "of the type list": ["RPUSH", "x"],
      "of the type hash": ["HSET", "x", "y"],
    };

    it.each(Object.entries(BAD))("%s is a miss, and is replaced", async (_name, [command = "", ...args]) => {
      const tenant = await newTenant(stack.database.sql);
      for (const [name, key] of [
        ["get", `qr-service:qr:${tenant}:${tenant}-read`],
        ["list", `qr-service:qr-codes:${tenant}`],
      ] as const) {
        const { cached: _miss, ...right } = await bodyOf(name, tenant);
        await admin.command("DEL", key);
        await admin.command(command, key, ...args);
        expect(await bodyOf(name, tenant)).toEqual({ ...right, cached: false });
        expect(await bodyOf(name, tenant)).toEqual({ ...right, cached: true });
      }
    });

    const LINKS = {
      "that is a string": ["SET", "x"],
      "of the type list": ["RPUSH", "x"],
      "without its fields": ["HSET", "x", "y"],
      "without its target": ["HDEL", "target"],
      "without its tenant": ["HDEL", "tenant"],
      "that opens at no time": ["HSET", "opensAt", "x"],
      "that closes at no time": ["HSET", "closesAt", "x"],
      "with a maximum that is no number": ["HSET", "maxScans", "x"],
      "that is refreshed at no time": ["HSET", "refreshAt", "x"],
    };

    it.each(Object.entries(LINKS))("(a link %s) is a miss, and is replaced", async (_name, bad) => {
      const tenant = await newTenant(stack.database.sql);
      const right = await scan(tenant);
      const key = `qr-service:link:${tenant}-scanned`;
      const good = await admin.command("HGETALL", key);
      const [command = "", ...args] = bad;
      if (command !== "HDEL" && args[0] !== "opensAt") await admin.command("DEL", key);
      await admin.command(command, key, ...args);
      expect(await scan(tenant)).toEqual(right);
      expect(await admin.command("TYPE", key)).toBe("hash");
      expect(await admin.command("HLEN", key)).toBe((good as string[]).length / 2);
      expect(await scan(tenant)).toEqual(right);
      expect(await scansOf(stack, stack.database.sql, tenant)).toEqual({
        captured: 3,
        streamed: 3,
        counted: 3,
      });
    });

    it.each([
      ["SET", "many"],
      ["SET", "1.5"],
      ["SET", ""],
      ["SET", "9".repeat(30)],
      ["RPUSH", "x"],
    ])(
      "(a counter: %s %s) is no count, and the next scan counts on from what is persisted",
      async (...bad) => {
        const tenant = await newTenant(stack.database.sql);
        await scan(tenant);
        const qrId = `${tenant}-scanned`;
        const keys = [
          `qr-service:scan-count:${qrId}`,
          `qr-service:scan-count:${qrId}:${utcDate(Date.now())}`,
        ];
        const [command = "", ...args] = bad;
        for (const key of keys) {
          await admin.command("DEL", key);
          await admin.command(command, key, ...args);
        }
        const statsOf = async () => (await stack.call(`/qr/${qrId}/stats`, { tenant })).json();
        expect(await statsOf()).toMatchObject({ scans: SCANS_BEFORE, today: 0, source: "redis" });
        expect((await scan(tenant))[0]).toBe(302);
        expect(await statsOf()).toMatchObject({ scans: SCANS_BEFORE + 1, today: 1, source: "redis" });
        expect(await admin.command("TTL", keys[1] ?? "")).toBeGreaterThan(0);
      },
    );

    it("(a fence of another type) is replaced, and the value is cached", async () => {
      const tenant = await newTenant(stack.database.sql);
      const fences = [`qr:${tenant}:${tenant}-read`, `qr-codes:${tenant}`, `link:${tenant}-scanned`];
      for (const fence of fences) await admin.command("RPUSH", `qr-service:fence:${fence}`, "x");
      for (const name of ["get", "list"] as const) {
        expect(await bodyOf(name, tenant)).toMatchObject({ cached: false });
        expect(await bodyOf(name, tenant)).toMatchObject({ cached: true });
      }
      await scan(tenant);
      expect(await admin.command("TYPE", `qr-service:link:${tenant}-scanned`)).toBe("hash");
    });
  });
});
