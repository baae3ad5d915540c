import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listQuery, MAX_CANDIDATES } from "../../data/postgres/list-query.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { nodesOf, type PlanNode } from "../support/plan.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { PHONE } from "../support/user-agents.ts";

/** The codes of `big`: of the oldest 100,000 no word stands in a newer one. */
const CODES = 250_000;

/** The codes of `tea`: one in 500 has the word, 100 of them among the newest 50,000. */
const TEA_CODES = 60_000;
const TEA = "奶茶";

/** As many others as are asked for beside the searches, each with a code of its own. */
const OTHERS = 400;

const FILL = `
  INSERT INTO qr_codes (qr_id, tenant_id, target_url, name, tags, created_at, updated_at)
  SELECT tenant || '-' || n, tenant, 'https://a.example/' || n, name, ARRAY[tag], at, at
  FROM (SELECT 'big', n, CASE WHEN n <= 100000 THEN 'campaign' ELSE 'blue table menu ' || repeat('a', 100) END,
      CASE WHEN n <= 100000 THEN 'old' ELSE 'new' END FROM generate_series(1, ${CODES}) AS n
    UNION ALL SELECT 'tea', n, CASE WHEN n % 500 = 0 THEN '珍珠${TEA}店' ELSE '珍珠面馆' END, 'new'
      FROM generate_series(1, ${TEA_CODES}) AS n
    UNION ALL SELECT 'other' || n, n, 'poster', 'new' FROM generate_series(1, ${OTHERS}) AS n)
      AS drawn (tenant, n, name, tag),
    LATERAL (SELECT timestamptz '2030-01-01' + n * interval '1 second' AS at) AS times`;

/** Each of them looks through all that the index finds for its words, and finds nothing, or more than it may. */
const BROAD = ["table blue", "menu table", "a".repeat(200), "campaign", "blue menu", TEA];

/** As `npm start` has it. */
const POOL_SIZE = 10;

let database: TestDatabase;
/** The most searches that the database was asked for at the same time. */
let mostAtOnce = 0;
let stack: TestStack;
let single: TestStack;
beforeAll(async () => {
  database = await testDatabase();
  await fillTable();
  const env = { DATABASE_URL: database.url };
  const db = postgresDb(database.url, { poolSize: POOL_SIZE, timeoutMs: 3_000 });
  let running = 0;
  const watched: typeof db = {
    ...db,
    readWithin: async (...statement) => {
      mostAtOnce = Math.max(mostAtOnce, ++running);
      return db.readWithin<never>(...statement).finally(() => running--);
    },
  };
  stack = await startTestStack({ db: watched, env: { ...env, DATABASE_POOL_SIZE: String(POOL_SIZE) } });
  single = await startTestStack({ env: { ...env, DATABASE_POOL_SIZE: "1" } });
}, 180_000);
afterAll(async () => {
  await stack.close();
  await single.close();
  await database.drop();
});

/** The indexes are made anew once the codes are there, which takes a fraction of the time. */
async function fillTable(): Promise<void> {
  const indexes = await database.sql<{ indexname: string; indexdef: string }>(
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'qr_codes' AND indexname <> 'qr_codes_pkey'",
  );
  for (const { indexname } of indexes) await database.sql(`DROP INDEX ${indexname}`);
  await database.sql(FILL);
  for (const { indexdef } of indexes) await database.sql(indexdef);
  await database.sql("VACUUM ANALYZE qr_codes");
}

interface Problem {
  type?: string;
  errors?: { path: string; message: string }[];
}

/** Whatever looks through codes or their figures for as long as it may. */
const LOOKS = [
  (text: string) => `/qr?q=${encodeURIComponent(text)}`,
  (text: string) => `/export?format=ndjson&q=${encodeURIComponent(text)}`,
  () => "/stats?tag=new",
] as const;
const look = (kind: number, text: string) =>
  stack.call((LOOKS[kind % LOOKS.length] ?? LOOKS[0])(text), { tenant: "big" });
const search = (text: string, tenant = "big", on = stack) =>
  on.call(`/qr?q=${encodeURIComponent(text)}`, { tenant });
const scan = (qrId: string, on = stack) =>
  on.call(`/scan/${qrId}`, { tenant: null, headers: { "user-agent": PHONE } });
const problemOf = async (reply: Response) => (await reply.json()) as Problem;

describe("a search in 250,000 codes", () => {
  it("that fits too many codes far down the list is told so, and how to narrow it", async () => {
    const reply = await search("campaign");
    expect(reply.status).toBe(422);
    expect(reply.headers.get("retry-after")).toBeNull();
    expect(await problemOf(reply)).toMatchObject({
      type: "urn:problem:qr-service:too-broad",
      errors: [{ path: "q", message: expect.stringContaining("give more of the text") }],
    });
  });

  it("is answered once it is narrowed, and so is its tag alone", async () => {
    for (const query of ["q=campaign%0Ahttps://a.example/77777", "tag=old", "tag=old&limit=5"]) {
      const reply = await stack.call(`/qr?${query}`, { tenant: "big" });
      expect(reply.status, query).toBe(200);
      expect((await reply.json()) as object, query).not.toMatchObject({ count: 0 });
    }
  });

  it("looks at no more codes than it may before it gives up", async () => {
    const { sql, values } = listQuery("big", { limit: 101, search: "campaign" });
    const [row] = await database.sql<Record<string, [{ Plan: PlanNode }]>>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
      values,
    );
    const read = rowsRead((row?.["QUERY PLAN"] ?? expect.unreachable("no plan"))[0].Plan);
    expect(read).toBeGreaterThan(MAX_CANDIDATES);
    // Besides, the next 2,000 are looked through for the text, for its word, and for whether there are more of them.
    expect(read).toBeLessThanOrEqual(MAX_CANDIDATES + 1 + 3 * 2_001);
  });

  it("of two characters looks through the newest 50,000, and is told if that was not enough", async () => {
    const asked = (limit: number) => stack.call(`/qr?q=${TEA}&limit=${limit}`, { tenant: "tea" });
    const page = (await (await asked(99)).json()) as { qrCodes: { qrId: string }[] };
    const newest = Array.from({ length: 99 }, (_, k) => `tea-${TEA_CODES - 500 * k}`);
    expect(page.qrCodes.map(({ qrId }) => qrId)).toEqual(newest);
    const reply = await asked(100);
    expect([reply.status, (await problemOf(reply)).type]).toEqual([422, "urn:problem:qr-service:too-broad"]);
    const none = await search(TEA, "other1");
    expect([none.status, await none.json()]).toMatchObject([200, { count: 0 }]);
  });

  it("of two characters looks at no more codes than it may before it gives up", async () => {
    const { sql, values } = listQuery("big", { limit: 101, search: TEA });
    const [row] = await database.sql<Record<string, [{ Plan: PlanNode }]>>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
      values,
    );
    const { Plan } = (row?.["QUERY PLAN"] ?? expect.unreachable("no plan"))[0];
    expect(JSON.stringify(Plan)).not.toContain("Seq Scan");
    // Once for the text, and once to see whether there are more.
    expect(rowsRead(Plan)).toBeLessThanOrEqual(2 * MAX_CANDIDATES + 1);
  });

  it("that takes too long is told so, and its connection goes on", async () => {
    const reply = await search("a".repeat(200), "big", single);
    expect(reply.status).toBe(422);
    expect(await problemOf(reply)).toMatchObject({ type: "urn:problem:qr-service:too-broad" });
    expect((await search("a.example/1", "other1", single)).status).toBe(200);
  });
});

/** Rows of the table that a plan's nodes were given. */
function rowsRead(root: PlanNode): number {
  return nodesOf(root)
    .filter((node) => node["Relation Name"] === "qr_codes")
    .reduce((sum, node) => {
      const removed = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
      return sum + (node["Actual Rows"] + removed) * node["Actual Loops"];
    }, 0);
}

describe("64 broad searches, exports and figures of one tenant at a time", () => {
  it("take no connection from scans, lists and searches of others", { timeout: 120_000 }, async () => {
    const seen = new Map<string, number>();
    const note = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    let searching = 64;
    const searches = Array.from({ length: searching }, async (_, client) => {
      for (let round = 0; round < 3; round++) {
        const reply = await look(client, BROAD[(client + round) % BROAD.length] ?? "");
        const { type } = reply.ok ? {} : await problemOf(reply);
        note([reply.status, type?.split(":").at(-1), reply.headers.get("retry-after")].join(" ").trim());
      }
      searching--;
    });

    // Each code and each tenant is asked for once, so that nothing comes from the cache.
    const outcomes = new Map<string, number>();
    const outcome = (what: string) => outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
    for (let n = 1; n <= OTHERS && (searching > 0 || n <= 20); n += 4) {
      const asked = Array.from({ length: 4 }, async (_, k) => {
        const tenant = `other${n + k}`;
        outcome(`scan ${(await scan(`${tenant}-${n + k}`)).status}`);
        outcome(`list ${(await stack.call("/qr", { tenant })).status}`);
        outcome(`search ${(await search("poster", tenant)).status}`);
      });
      await Promise.all(asked);
    }
    await Promise.all(searches);

    expect([...outcomes.keys()].sort()).toEqual(["list 200", "scan 302", "search 200"]);
    const refusals = ["422 too-broad", "503 busy 1"];
    expect([...seen.keys()].filter((what) => what !== "200" && !refusals.includes(what))).toEqual([]);
    const answered = [...seen].reduce((sum, [what, times]) => sum + (what.startsWith("503") ? 0 : times), 0);
    expect(answered, "searches that were not refused as too many").toBeGreaterThan(10);
    expect(mostAtOnce).toBeLessThanOrEqual(POOL_SIZE / 2);
  });

  it("are no loss with a pool of one connection, which runs them one by one", async () => {
    const broad = BROAD.slice(0, 2).map((text) => search(text, "big", single));
    expect((await scan("other1-1", single)).status).toBe(302);
    expect((await single.call("/qr", { tenant: "other2" })).status).toBe(200);
    for (const reply of await Promise.all(broad)) expect([200, 422]).toContain(reply.status);
  });
});
