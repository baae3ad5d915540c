import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { RedisFailure, type RedisPort } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { replayInvalidations } from "../../data/replay-invalidations.ts";
import type { ImportReport } from "../../functions/import/schema.ts";
import { runRelay } from "../../functions/relay/relay.ts";
import { type CountingDb, countingDb } from "../support/counting-db.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { manyRows } from "../support/many-rows.ts";
import { lacks } from "../support/requirements.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const ROWS = 10_000;

let database: TestDatabase;
let db: CountingDb;
let stack: TestStack;
let redisServer: RedisServer;
let redisCalls: string[] = [];
let fails: ((name: string) => boolean) | undefined;
beforeAll(async () => {
  if (await lacks("redis-server")) return;
  database = await testDatabase();
  db = countingDb(postgresDb({ connectionString: database.url }, { poolSize: 4, timeoutMs: 8_000 }));
  redisServer = await startRedisServer();
  const redis: RedisPort = respRedis(redisServer.url, 5_000);
  const noted = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
    redisCalls.push(name);
    if (fails?.(name)) throw new RedisFailure("refused", "test");
    return call();
  };
  stack = await startTestStack({
    db,
    redis: {
      command: (name, ...args) => noted(name, () => redis.command(name, ...args)),
      script: (script, keys, args) => noted(script.name, () => redis.script(script, keys, args)),
      close: () => redis.close(),
    },
  });
});
afterAll(async () => {
  await stack?.close();
  await redisServer?.stop();
  await database?.drop();
});

const post = (csv: string, tenant: string, query = "") =>
  stack.call(`/import${query}`, {
    method: "POST",
    tenant,
    body: csv,
    headers: { "content-type": "text/csv" },
  });
/** All pages of a tenant's export. */
const exportOf = async (tenant: string) => {
  let exported = "";
  for (let path: string | undefined = "/export"; path !== undefined; ) {
    const reply: Response = await stack.call(path, { tenant });
    exported += new TextDecoder("utf-8", { ignoreBOM: true }).decode(await reply.arrayBuffer());
    path = /^<(.+)>/.exec(reply.headers.get("link") ?? "")?.[1];
  }
  return exported;
};
const pending = async () => {
  const [row] = await database.sql<{ count: number }>("SELECT count(*)::int FROM pending_invalidations");
  return row?.count;
};

describe.skipIf(await lacks("redis-server"))("10,000 real-looking rows", { timeout: 120_000 }, () => {
  const { csv, mended, badLines } = manyRows(ROWS, "many");

  it("fail by line, and go in once mended, in few statements and commands", async () => {
    const refused = await post(csv, "tenant_many");
    expect(refused.status).toBe(400);
    const { failed, failures } = (await refused.json()) as ImportReport;
    expect([failed, failures.map(({ line }) => line)]).toEqual([badLines.length, badLines]);

    redisCalls = [];
    let report: ImportReport | undefined;
    const statements = await db.during(async () => {
      report = (await (await post(mended, "tenant_many")).json()) as ImportReport;
    });
    expect(report).toMatchObject({ rows: ROWS, created: ROWS, failed: 0 });
    // Ten each look for the tenant's own codes, for issued IDs, and insert; the last removes the pending invalidations.
    // A Redis as slow as the stand-in has the transaction give signs of life.
    expect(statements.filter((sql) => sql !== "SELECT 1")).toHaveLength(31);
    expect(redisCalls).toEqual([
      ...new Array<string>(40).fill("close"),
      ...new Array<string>(40).fill("invalidate"),
    ]);
    expect(await pending()).toBe(0);

    const again = (await (await post(mended, "tenant_many", "?onConflict=update")).json()) as ImportReport;
    expect(again).toMatchObject({ rows: ROWS, unchanged: ROWS, created: 0, updated: 0 });
  });

  it("go in but for those that fail, and the mended file adds only those", async () => {
    const { csv: rows, mended: good, badLines: lines } = manyRows(ROWS, "part");
    const first = (await (await post(rows, "tenant_part", "?mode=partial")).json()) as ImportReport;
    expect(first).toMatchObject({ created: ROWS - lines.length, failed: lines.length });
    expect(first.failures.map(({ line }) => line)).toEqual(lines);
    const second = (await (await post(good, "tenant_part", "?onConflict=skip")).json()) as ImportReport;
    expect(second).toMatchObject({ created: lines.length, skipped: ROWS - lines.length, failed: 0 });
    const [there] = await database.sql<{ codes: number }>(
      "SELECT count(*)::int AS codes FROM qr_codes WHERE tenant_id = 'tenant_part'",
    );
    expect(there).toEqual({ codes: ROWS });
  });

  it("come back from an export unchanged, its formulas defused", async () => {
    const exported = await exportOf("tenant_many");
    expect(exported).toContain("'=SUM(A1:A9)");
    expect(exported).not.toMatch(/(^|,)"?=SUM/m);
    const code = await (await stack.call("/qr/many-00005", { tenant: "tenant_many" })).json();
    expect(code).toMatchObject({ name: "=SUM(A1:A9)", version: 1 });
    const back = await post(exported, "tenant_many", "?onConflict=update");
    expect([back.status, ((await back.json()) as ImportReport).unchanged]).toEqual([200, ROWS]);
    expect(await exportOf("tenant_many")).toBe(exported);
  });

  it("stand though Redis fails on the way, and are replayed in slices, at most 1,000 a call", async () => {
    const { mended: rows } = manyRows(ROWS, "away");
    let closed = 0;
    fails = (name) => name === "invalidate" || (name === "close" && ++closed > 3);
    const reply = await post(rows, "tenant_away");
    expect(((await reply.json()) as ImportReport).created).toBe(ROWS);
    expect(await pending()).toBe(ROWS);
    fails = undefined;
    await database.sql("UPDATE pending_invalidations SET created_at = now() - interval '1 minute'");
    redisCalls = [];
    let calls = 0;
    for (; (await pending()) !== 0; calls++)
      expect(await replayInvalidations(stack.services)).toBeGreaterThan(0);
    expect([calls, redisCalls.length]).toEqual([10, 50]);
  });

  it("are replayed beside a publishing that never ends, by as many commands", async () => {
    const { mended: rows } = manyRows(ROWS, "hung");
    fails = (name) => name === "invalidate" || name === "close";
    expect(((await (await post(rows, "tenant_hung")).json()) as ImportReport).created).toBe(ROWS);
    fails = undefined;
    await database.sql("UPDATE pending_invalidations SET created_at = now() - interval '1 minute'");
    redisCalls = [];
    const kafka = Promise.withResolvers<void>();
    const publish = vi.fn(() => kafka.promise);
    const end = new AbortController();
    const options = { outboxMaxLength: 100_000, idleMs: 60_000, signal: end.signal };
    const run = runRelay(stack.services, { publish, close: async () => {} }, options);
    await vi.waitFor(
      async () => {
        expect([await pending(), publish.mock.calls.length]).toEqual([0, 1]);
      },
      { timeout: 60_000, interval: 50 },
    );
    expect(redisCalls.filter((name) => name === "invalidate")).toHaveLength(50);
    end.abort();
    kafka.reject(new Error("the brokers never answered"));
    expect(await run).toMatchObject({ published: 0, invalidations: ROWS });
  });
});
