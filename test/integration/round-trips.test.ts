import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { newKey } from "../../core/auth/api-key.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { MAX_UNKNOWN_LINKS } from "../../data/redis/link-cache.ts";
import { smallPng } from "../support/bad-logos.ts";
import { type CommandCounter, startCommandCounter } from "../support/command-counter.ts";
import { type CountingDb, countingDb } from "../support/counting-db.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { keepOutOfLogs } from "../support/log-recorder.ts";
import { lacks } from "../support/requirements.ts";
import { type CallInit, startTestStack, type TestStack } from "../support/test-stack.ts";
import { startUpstashServer, type UpstashServer } from "../support/upstash-server.ts";
import { CRAWLER, PHONE } from "../support/user-agents.ts";

const withoutServer = await lacks("redis-server");

/** Tenants by the number of their codes. */
const TENANTS = { none: 0, one: 1, ten: 10, hundred: 100 };

interface Cost {
  /** What the service sent to Redis; over REST each of them is a request of its own. */
  redis: string[];
  /** How many statements it sent to Postgres. */
  sql: number;
}

describe.skipIf(withoutServer).each(["RESP", "Upstash"])("over %s,", (adapter) => {
  let redisServer: RedisServer;
  let upstash: UpstashServer | undefined;
  let database: TestDatabase;
  let db: CountingDb;
  let stack: TestStack;
  let commands: CommandCounter;

  beforeAll(async () => {
    redisServer = await startRedisServer();
    upstash = adapter === "Upstash" ? await startUpstashServer(redisServer.url) : undefined;
    const redisEnv = upstash
      ? { UPSTASH_REDIS_REST_URL: upstash.url, UPSTASH_REDIS_REST_TOKEN: upstash.token }
      : { REDIS_URL: redisServer.url };
    database = await testDatabase();
    db = countingDb(postgresDb(database.url, { poolSize: 2, timeoutMs: 10_000 }));
    stack = await startTestStack({ db, env: redisEnv });
    commands = await startCommandCounter(redisServer.url);
    for (const [tenant, codes] of Object.entries(TENANTS)) {
      await database.sql(
        `INSERT INTO qr_codes (qr_id, tenant_id, target_url, tags, created_at, updated_at)
         SELECT $1 || '-' || n, $1, 'https://example.com/', '{poster}', now(), now() FROM generate_series(1, $2) n`,
        [tenant, codes],
      );
    }
    // From now on the server knows every script.
    await scan("one-1");
    await stack.call("/qr/one-1", { tenant: "one" });
  });
  beforeEach(() => stack.services.redis.command("FLUSHALL"));
  afterAll(async () => {
    await commands.stop();
    await stack.close();
    await upstash?.stop();
    await redisServer.stop();
    await database.drop();
  });

  const scan = (qrId: string, method = "GET", agent = PHONE) =>
    stack.call(`/scan/${qrId}`, { tenant: null, method, headers: { "user-agent": agent } });

  /** What a request costs, and that it gave the wanted status. */
  async function costOf(status: number, request: () => Promise<Response>): Promise<Cost> {
    let statements: string[] = [];
    const redis = await commands.during(async () => {
      statements = await db.during(async () => {
        const reply = await request();
        await reply.text();
        expect(reply.status).toBe(status);
      });
    });
    return { redis, sql: statements.length };
  }

  const get = (path: string, tenant = "one") => stack.call(path, { tenant });

  async function list(tenant: string, query = ""): Promise<Cost & { cached: boolean; count: number }> {
    let page = { cached: false, count: -1 };
    const cost = await costOf(200, async () => {
      const reply = await get(`/qr${query}`, tenant);
      page = (await reply.clone().json()) as typeof page;
      return reply;
    });
    return { ...cost, cached: page.cached, count: page.count };
  }

  it("a scan of a cached link is one Redis command and no SQL", async () => {
    await scan("one-1");
    expect(await costOf(302, () => scan("one-1"))).toEqual({ redis: ["EVALSHA"], sql: 0 });
    expect(await costOf(302, () => scan("one-1", "HEAD"))).toEqual({ redis: ["EVALSHA"], sql: 0 });
    expect(await costOf(302, () => scan("one-1", "GET", CRAWLER))).toEqual({ redis: ["EVALSHA"], sql: 0 });
    const { services } = stack;
    expect(await services.redis.command("GET", "qr-service:scan-count:one-1")).toBe("2");
    expect(await services.redis.command("XLEN", "qr-service:outbox")).toBe(3);
  });

  it("a scan of a link that is not cached is two Redis commands and one statement", async () => {
    expect(await costOf(302, () => scan("one-1"))).toEqual({ redis: ["EVALSHA", "EVALSHA"], sql: 1 });
  });

  it("a scan of an unknown ID asks the database once, and then no more", async () => {
    expect(await costOf(404, () => scan("nowhere"))).toEqual({ redis: ["EVALSHA", "EVALSHA"], sql: 1 });
    expect(await costOf(404, () => scan("nowhere"))).toEqual({ redis: ["EVALSHA"], sql: 0 });
  });

  it("beyond a minute's bound an unknown ID asks the database each time, and a cached link does not", async () => {
    await scan("one-1");
    await stack.services.redis.command("SET", CacheKeys.unknownLinks, String(MAX_UNKNOWN_LINKS));
    for (let times = 0; times < 2; times++)
      expect(await costOf(404, () => scan("nowhere"))).toEqual({ redis: ["EVALSHA", "EVALSHA"], sql: 1 });
    expect(await costOf(302, () => scan("one-1"))).toEqual({ redis: ["EVALSHA"], sql: 0 });
  });

  it.each(["a*", "ab", "a:b", "%00", "x".repeat(65)])(
    "a scan of the malformed ID %s asks neither Redis nor the database",
    async (qrId) => {
      expect(await costOf(400, () => scan(qrId))).toEqual({ redis: [], sql: 0 });
    },
  );

  it("50 scans of a cached link at the same time are 50 Redis commands and no SQL", async () => {
    await scan("one-1");
    const cost = await costOf(302, async () => {
      const replies = await Promise.all(Array.from({ length: 50 }, () => scan("one-1")));
      return replies[0] ?? expect.unreachable();
    });
    expect(cost).toEqual({ redis: Array(50).fill("EVALSHA"), sql: 0 });
  });

  it("reading a cached code is one Redis command and no SQL", async () => {
    await get("/qr/one-1");
    expect(await costOf(200, () => get("/qr/one-1"))).toEqual({ redis: ["MGET"], sql: 0 });
    // The first picture reads the tenant's default style, too.
    await get("/qr/one-1/picture");
    expect(await costOf(200, () => get("/qr/one-1?format=svg"))).toEqual({ redis: ["MGET"], sql: 0 });
    expect(await costOf(200, () => get("/qr/one-1/picture"))).toEqual({ redis: ["MGET"], sql: 0 });
    const known = { tenant: "one", headers: { "if-none-match": "*" } };
    expect(await costOf(304, () => stack.call("/qr/one-1/picture", known))).toEqual({
      redis: ["MGET"],
      sql: 0,
    });
  });

  it("the first picture of a tenant is two Redis commands and one statement more", async () => {
    await get("/qr/one-1");
    const cost = await costOf(200, () => get("/qr/one-1/picture"));
    expect(cost).toEqual({ redis: ["MGET", "EVALSHA", "EVALSHA"], sql: 1 });
  });

  it("a picture with a logo is one statement more than one without", async () => {
    await database.sql(
      `INSERT INTO logos (tenant_id, name, png, width, height, digest, created_at, updated_at)
       VALUES ('one', 'acme', $1, 8, 8, 'a', now(), now())`,
      [smallPng()],
    );
    await get("/qr/one-1/picture");
    const cost = await costOf(200, () => get("/qr/one-1/picture?logo=acme"));
    expect(cost).toEqual({ redis: ["MGET"], sql: 1 });
  });

  it("reading a code that is not cached is three Redis commands and one statement", async () => {
    const cost = await costOf(200, () => get("/qr/one-1"));
    expect(cost).toEqual({ redis: ["MGET", "EVALSHA", "EVALSHA"], sql: 1 });
  });

  it("the figures of a cached code are one Redis command", async () => {
    await get("/qr/one-1");
    expect((await costOf(200, () => get("/qr/one-1/stats"))).redis).toEqual(["MGET"]);
  });

  it("a cached list is two Redis commands and no SQL, however many codes it holds", async () => {
    for (const [tenant, count] of Object.entries(TENANTS)) {
      await get("/qr", tenant);
      const redis = count === 0 ? ["MGET"] : ["MGET", "MGET"];
      expect(await list(tenant)).toEqual({ redis, sql: 0, cached: true, count });
    }
  });

  it("with the scans of today a list is as many commands and statements, cached or not", async () => {
    for (const [tenant, count] of Object.entries(TENANTS)) {
      const counters = count === 0 ? [] : ["MGET"];
      const missed = { redis: ["MGET", "EVALSHA", "EVALSHA", ...counters], sql: 1 };
      expect(await list(tenant, "?today=true")).toEqual({ ...missed, cached: false, count });
      const hit = { redis: ["MGET", ...counters], sql: 0 };
      expect(await list(tenant, "?today=true")).toEqual({ ...hit, cached: true, count });
      expect(await list(tenant)).toEqual({ ...hit, cached: true, count });
    }
  });

  it("a list that is not cached is four Redis commands and one statement, however many codes it holds", async () => {
    for (const [tenant, count] of Object.entries(TENANTS)) {
      const redis = ["MGET", "EVALSHA", "EVALSHA", ...(count === 0 ? [] : ["MGET"])];
      expect(await list(tenant)).toEqual({ redis, sql: 1, cached: false, count });
    }
  });

  it("whoever knows a cached code or list pays what a hit costs", async () => {
    for (const [path, redis] of [
      ["/qr/one-1", ["MGET"]],
      ["/qr", ["MGET", "MGET"]],
      ["/qr?today=true", ["MGET", "MGET"]],
    ] as const) {
      await get(path);
      const etag = (await get(path)).headers.get("etag") ?? "";
      const known = () => stack.call(path, { tenant: "one", headers: { "if-none-match": etag } });
      expect(await costOf(304, known)).toEqual({ redis, sql: 0 });
    }
  });

  it("a page of a history, and one of tombstones, is one statement", async () => {
    for (const path of ["/qr/one-1/history", "/history", "/qr?deleted=true"])
      expect(await costOf(200, () => get(path))).toEqual({ redis: [], sql: 1 });
  });

  it("a filtered list is one Redis command and one statement, however many codes it holds", async () => {
    for (const [tenant, count] of Object.entries(TENANTS)) {
      if (count === 0) continue;
      expect(await list(tenant, "?tag=poster&q=example")).toEqual({
        redis: ["MGET"],
        sql: 1,
        cached: false,
        count,
      });
    }
  });

  describe("a change", () => {
    const send = (method: string, path: string, json?: unknown) =>
      stack.call(path, { tenant: "one", method, json });
    const targetUrl = "https://example.com/changed";

    it("is two Redis commands and, besides BEGIN and COMMIT, two statements; a patch reads the live counter too", async () => {
      const change = { redis: ["EVALSHA", "EVALSHA"], sql: 2 };
      const create = (qrId: string) => send("POST", "/generate", { qrId, targetUrl });
      await create("changed-0");
      await send("DELETE", "/qr/changed-0");
      expect(await costOf(201, () => create("changed-1"))).toEqual(change);
      const patched = await costOf(200, () => send("PATCH", "/qr/changed-1", { targetUrl }));
      expect(patched).toEqual({ ...change, redis: [...change.redis, "GET"] });
      expect(await costOf(204, () => send("DELETE", "/qr/changed-1"))).toEqual(change);
      expect(await costOf(201, () => send("POST", "/generate", { targetUrl }))).toEqual(change);
      // The read that raises the counters, which a tombstone does not have.
      expect(await costOf(200, () => send("POST", "/qr/changed-1/restore"))).toEqual({
        redis: [...change.redis, "MGET", "EVALSHA", "EVALSHA"],
        sql: 3,
      });
    });

    it("that somebody was faster with is one statement and the live counter, and closes nothing", async () => {
      const headers = { "if-match": '"9.0-open"' };
      const changes = [
        ["PATCH", { targetUrl }],
        ["DELETE", undefined],
      ] as const;
      for (const [method, json] of changes) {
        const lost = () => stack.call("/qr/one-1", { tenant: "one", method, json, headers });
        expect(await costOf(412, lost)).toEqual({ redis: ["GET"], sql: 1 });
      }
      const live = () => send("POST", "/qr/one-1/restore");
      expect(await costOf(409, live)).toEqual({ redis: [], sql: 1 });
    });

    it("of what is not there is one statement and no Redis command", async () => {
      expect(await costOf(404, () => send("PATCH", "/qr/nowhere", { targetUrl }))).toEqual({
        redis: [],
        sql: 1,
      });
      expect(await costOf(404, () => send("DELETE", "/qr/ten-1"))).toEqual({ redis: [], sql: 1 });
      expect(await costOf(404, () => send("POST", "/qr/ten-1/restore"))).toEqual({ redis: [], sql: 1 });
    });

    it("that is under way costs a scan, a code and a list no command more than a miss", async () => {
      const change = { mark: "1", tenantId: "one", qrId: "one-1", deleted: false };
      await stack.services.cache.close(change);
      expect(await costOf(302, () => scan("one-1"))).toEqual({ redis: ["EVALSHA", "EVALSHA"], sql: 1 });
      expect(await costOf(200, () => get("/qr/one-1"))).toEqual({ redis: ["MGET", "EVALSHA"], sql: 1 });
      expect(await list("one")).toMatchObject({ redis: ["MGET", "EVALSHA", "MGET"], sql: 1, cached: false });
    });
  });

  describe("with an API key", () => {
    let key: string;
    beforeAll(async () => {
      const made = await stack.call("/keys", {
        tenant: "one",
        method: "POST",
        json: { name: "Machine", scopes: ["qr:read", "qr:write"] },
      });
      ({ key } = (await made.json()) as { key: string });
      keepOutOfLogs([key]);
    });

    const byKey = (path: string, init: CallInit = {}) =>
      stack.call(path, { ...init, tenant: null, headers: { authorization: `Bearer ${key}` } });

    it("a request is one Redis command more than with a token, and no SQL more", async () => {
      await get("/qr");
      await get("/qr/one-1");
      await byKey("/qr");
      expect(await costOf(200, () => byKey("/qr/one-1"))).toEqual({ redis: ["MGET", "MGET"], sql: 0 });
      expect(await costOf(200, () => byKey("/qr"))).toEqual({ redis: ["MGET", "MGET", "MGET"], sql: 0 });
      const targetUrl = "https://example.com/by-key";
      const patch = () => byKey("/qr/one-1", { method: "PATCH", json: { targetUrl } });
      expect(await costOf(200, patch)).toEqual({ redis: ["MGET", "EVALSHA", "EVALSHA", "GET"], sql: 2 });
    });

    it("the first request of 45 s loads the key by one statement, and at most one a minute notes its use", async () => {
      await get("/qr/one-1");
      await database.sql("UPDATE api_keys SET last_used_at = NULL");
      const loaded = { redis: ["MGET", "EVALSHA", "EVALSHA", "MGET"] };
      expect(await costOf(200, () => byKey("/qr/one-1"))).toEqual({ ...loaded, sql: 2 });
      // As if the minute had just begun, whatever the clock says.
      await database.sql("UPDATE api_keys SET last_used_at = now() + interval '1 minute'");
      await stack.services.redis.command(
        "DEL",
        ...((await stack.services.redis.command("KEYS", "*api-key*")) as string[]),
      );
      expect(await costOf(200, () => byKey("/qr/one-1"))).toEqual({ ...loaded, sql: 1 });
    });

    it("a malformed key asks neither Redis nor the database, and an unknown one asks the database once", async () => {
      const status = (text: string) =>
        costOf(401, () => stack.call("/qr", { tenant: null, headers: { authorization: text } }));
      expect(await status("Bearer qrs_x")).toEqual({ redis: [], sql: 0 });
      expect(await status(`Bearer ${key.slice(0, -1)}`)).toEqual({ redis: [], sql: 0 });
      const { text } = newKey();
      expect(await status(`Bearer ${text}`)).toEqual({ redis: ["MGET", "EVALSHA", "EVALSHA"], sql: 1 });
      expect(await status(`Bearer ${text}`)).toEqual({ redis: ["MGET"], sql: 0 });
    });

    it("revoking a key is two Redis commands and, besides BEGIN and COMMIT, one statement", async () => {
      const keyId = key.slice(4, 20);
      const revoke = () => stack.call(`/keys/${keyId}`, { tenant: "one", method: "DELETE" });
      expect(await costOf(204, revoke)).toEqual({ redis: ["EVALSHA", "EVALSHA"], sql: 1 });
      expect(await costOf(404, revoke)).toEqual({ redis: [], sql: 1 });
    });
  });

  it("a request without a token asks neither Redis nor the database", async () => {
    expect(await costOf(401, () => stack.call("/qr", { tenant: null }))).toEqual({ redis: [], sql: 0 });
  });
});
