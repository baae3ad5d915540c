import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { type CommandCounter, startCommandCounter } from "../support/command-counter.ts";
import { type CountingDb, countingDb } from "../support/counting-db.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { newTenant, scansOf, TARGET } from "../support/failure-matrix.ts";
import { lacks } from "../support/requirements.ts";
import { capturedScan } from "../support/scan-events.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { PHONE } from "../support/user-agents.ts";

const LINK_TTL_S = 86_400;
const UNKNOWN_TTL_S = 60;
/** How long the one who is to refresh a link has for it. */
const CLAIM_MS = 5_000;
/** At the most, where one would do: a process that is busy with 500 scans may let a lease run out. */
const A_HANDFUL = 5;

describe.skipIf(await lacks("redis-server"))("however many scan at a time,", () => {
  let redisServer: RedisServer;
  let database: TestDatabase;
  let db: CountingDb;
  let stack: TestStack;
  let commands: CommandCounter;
  /** Unix ms. */
  let time: number | undefined;
  let tenant: string;
  let qrId: string;
  let key: string;

  beforeAll(async () => {
    redisServer = await startRedisServer();
    database = await testDatabase();
    db = countingDb(postgresDb(database.url, { poolSize: 5, timeoutMs: 10_000 }));
    const env = { REDIS_URL: redisServer.url };
    stack = await startTestStack({ db, env, now: () => time ?? Date.now() });
    commands = await startCommandCounter(redisServer.url);
  });
  beforeEach(async () => {
    time = undefined;
    tenant = await newTenant(database.sql);
    qrId = `${tenant}-scanned`;
    key = `qr-service:link:${qrId}`;
  });
  afterAll(async () => {
    await commands.stop();
    await stack.close();
    await redisServer.stop();
    await database.drop();
  });

  const redis = (name: string, ...args: string[]) => stack.services.redis.command(name, ...args);
  const scan = (id = qrId, method = "GET") =>
    stack.call(`/scan/${id}`, { tenant: null, method, headers: { "user-agent": PHONE } });

  /** Scans so often at the same time. Returns what was answered, each once, and the statements that it cost. */
  async function scanAtOnce(times: number, id = qrId): Promise<{ answers: string[]; queries: number }> {
    let replies: Response[] = [];
    const statements = await db.during(async () => {
      replies = await Promise.all(Array.from({ length: times }, () => scan(id)));
    });
    const answers = replies.map((reply) => `${reply.status} ${reply.headers.get("location")}`);
    return { answers: [...new Set(answers)], queries: statements.length };
  }

  async function expectCounted(scans: number): Promise<void> {
    expect(await scansOf(stack, database.sql, tenant)).toEqual({
      captured: scans,
      streamed: scans,
      counted: scans,
    });
  }

  describe("near the end of a link's life", () => {
    beforeEach(async () => {
      await scan();
      await redis("HSET", key, "refreshAt", String(Date.now() - 1));
      await redis("EXPIRE", key, "30");
    });

    it("one of them reads it anew, and it lives on", async () => {
      await database.sql("UPDATE qr_codes SET target_url = 'https://example.com/new' WHERE qr_id = $1", [
        qrId,
      ]);
      const { answers, queries } = await scanAtOnce(100);
      expect(queries).toBe(1);
      // Those that come before it has the answer are not kept waiting.
      expect(answers).toContain(`302 ${TARGET}`);
      expect(await redis("TTL", key)).toBeGreaterThan(LINK_TTL_S - 60);
      expect(await scanAtOnce(100)).toEqual({ answers: ["302 https://example.com/new"], queries: 0 });
      await expectCounted(201);
    });

    it("one that was to read it anew and could not is followed by another after a while", async () => {
      const begin = Date.now();
      time = begin;
      // As `refreshLink` would, the claimant has gone: nobody fills.
      const claimed = await stack.services.links.scan("peek", scanAt(begin));
      expect(claimed).toMatchObject({ result: "hit", refresh: expect.any(String) });
      time = begin + CLAIM_MS - 1;
      expect(await scanAtOnce(50)).toEqual({ answers: [`302 ${TARGET}`], queries: 0 });
      time = begin + CLAIM_MS;
      expect(await scanAtOnce(50)).toEqual({ answers: [`302 ${TARGET}`], queries: 1 });
      await expectCounted(101);
    });
  });

  const scanAt = (occurredAt: number) => capturedScan({ qrId, occurredAt });

  it("a link that just expired costs the database a handful of queries, and each scan is counted once", async () => {
    await scan();
    await redis("DEL", key);
    const { answers, queries } = await scanAtOnce(500);
    expect(answers).toEqual([`302 ${TARGET}`]);
    expect(queries).toBeGreaterThan(0);
    expect(queries).toBeLessThanOrEqual(A_HANDFUL);
    await expectCounted(501);
  });

  it("a code that was just changed costs the database a handful of queries, and each goes to the new target", async () => {
    await scan();
    const targetUrl = "https://example.com/new";
    const reply = await stack.call(`/qr/${qrId}`, { tenant, method: "PATCH", json: { targetUrl } });
    expect(reply.status).toBe(200);
    const { answers, queries } = await scanAtOnce(500);
    expect(answers).toEqual([`302 ${targetUrl}`]);
    expect(queries).toBeGreaterThan(0);
    expect(queries).toBeLessThanOrEqual(A_HANDFUL);
    await expectCounted(501);
  });

  it("a code that is closed costs each process one query at a time, and each scan is counted once", async () => {
    await scan();
    await stack.services.cache.close({ mark: "1", tenantId: tenant, qrId, deleted: false });
    const { answers, queries } = await scanAtOnce(500);
    expect(answers).toEqual([`302 ${TARGET}`]);
    expect(queries).toBeGreaterThan(0);
    expect(queries).toBeLessThanOrEqual(500 / 10);
    expect(await redis("EXISTS", key)).toBe(0);
    await expectCounted(501);
  });

  it("an unknown ID costs the database one query a minute", async () => {
    const unknown = `${tenant}-unknown`;
    expect(await scanAtOnce(100, unknown)).toEqual({ answers: ["404 null"], queries: 1 });
    expect(await scanAtOnce(100, unknown)).toEqual({ answers: ["404 null"], queries: 0 });
    const ttl = Number(await redis("TTL", `qr-service:link:${unknown}`));
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(UNKNOWN_TTL_S);
  });

  it("an unknown ID that its tenant reads costs the database one query a minute", async () => {
    const path = `/qr/${tenant}-unknown`;
    const statements = await db.during(async () => {
      for (let read = 0; read < 100; read++) {
        const reply = await stack.call(read % 2 ? path : `${path}?format=svg`, { tenant });
        expect(reply.status).toBe(404);
      }
    });
    expect(statements).toHaveLength(1);
    expect(Number(await redis("TTL", `qr-service:qr:${tenant}:${tenant}-unknown`))).toBeLessThanOrEqual(
      UNKNOWN_TTL_S,
    );
  });

  it.each(["a*", "ab", "a:b", "x".repeat(65), "%00", "caf%C3%A9", "a%2Fb", "a[b]c"])(
    "the malformed ID %s asks neither Redis nor the database, in any endpoint",
    async (malformed) => {
      const asked = await commands.during(async () => {
        const statements = await db.during(async () => {
          for (const [method, path] of [
            ["GET", `/scan/${malformed}`],
            ["HEAD", `/scan/${malformed}`],
            ["GET", `/qr/${malformed}`],
            ["GET", `/qr/${malformed}?format=png`],
            ["GET", `/qr/${malformed}/stats`],
            ["DELETE", `/qr/${malformed}`],
          ] as const) {
            const reply = await stack.call(path, { tenant, method });
            expect([method, path, reply.status]).toEqual([method, path, 400]);
          }
          const change = { tenant, method: "PATCH", json: { name: "x" } };
          expect((await stack.call(`/qr/${malformed}`, change)).status).toBe(400);
        });
        expect(statements).toEqual([]);
      });
      expect(asked).toEqual([]);
    },
  );
});
