import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryRedis } from "../../bin/local/memory-redis/index.ts";
import type { QrCode } from "../../core/code/qr-code.ts";
import { readCsv } from "../../core/csv/read.ts";
import { maintainPartitions } from "../../data/postgres/partitions.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import type { KeptScan } from "../../data/postgres/read-scans.ts";
import { persistBatch } from "../../data/postgres/scan-events.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { RedisFailure, type RedisPort } from "../../data/redis/port.ts";
import { MAX_PAGE_BYTES, SLICE } from "../../functions/http/rows.ts";
import { type CountingDb, countingDb } from "../support/counting-db.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { scannedEvent } from "../support/scan-events.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const NOON = Date.parse("2026-03-15T12:00:00.000Z");

let database: TestDatabase;
let db: CountingDb;
let redis: RedisPort;
/** One entry for each round trip. */
let redisCalls: string[] = [];
let redisIsDown = false;
let stack: TestStack;
beforeAll(async () => {
  database = await testDatabase();
  db = countingDb(postgresDb({ connectionString: database.url }, { poolSize: 4, timeoutMs: 10_000 }));
  await maintainPartitions(db, NOON, 13);
  redis = memoryRedis();
  const noted = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
    redisCalls.push(name);
    if (redisIsDown) throw new RedisFailure("refused", "test");
    return call();
  };
  stack = await startTestStack({
    db,
    now: () => NOON,
    redis: {
      command: (name, ...args) => noted(name, () => redis.command(name, ...args)),
      script: (script, keys, args) => noted(script.name, () => redis.script(script, keys, args)),
      close: () => redis.close(),
    },
  });
});
afterAll(async () => {
  await stack.close();
  await database.drop();
});

/** All pages, from the first on by their links. */
async function pages(path: string, tenant: string): Promise<Response[]> {
  const replies: Response[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const reply: Response = await stack.call(next, { tenant });
    expect(reply.status).toBe(200);
    replies.push(reply);
    next = /^<(.+)>; rel="next"$/.exec(reply.headers.get("link") ?? "")?.[1];
  }
  return replies;
}

const wholeOf = async (path: string, tenant: string) => {
  const texts = await Promise.all((await pages(path, tenant)).map((reply) => reply.arrayBuffer()));
  return texts.map((bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
};

/** What an export says: the header's names with the cells of each record. */
function recordsOf(text: string): Record<string, string>[] {
  const [header, ...rows] = readCsv(text).records.map(({ cells }) => cells);
  return rows.map((cells) =>
    Object.fromEntries((header ?? []).map((name, index) => [name, cells[index] ?? ""])),
  );
}

const objectsOf = <T>(texts: string[]) =>
  texts
    .join("")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);

const create = async (tenant: string, fields: Record<string, unknown>): Promise<QrCode> => {
  const json = { targetUrl: "https://example.com/", ...fields };
  const reply = await stack.call("/generate", { method: "POST", tenant, json });
  expect(reply.status).toBe(201);
  const { svg: _svg, ...code } = (await reply.json()) as QrCode & { svg: string };
  return code;
};

const seed = (tenant: string, count: number, fields = "NULL") =>
  database.sql(
    `INSERT INTO qr_codes (qr_id, tenant_id, target_url, name, tags, created_at, updated_at)
     SELECT $1 || '-' || lpad(n::text, 6, '0'), $1, 'https://example.com/' || n, ${fields},
       CASE WHEN n % 2 = 0 THEN '{even}'::text[] ELSE '{}' END,
       timestamptz '2026-01-01T00:00:00Z' + n / 3 * interval '1 s', '2026-01-01'
     FROM generate_series(1, $2::int) n`,
    [tenant, count],
  );

describe("GET /export", () => {
  it("gives every field of every code, as the API tells it, with live counts", async () => {
    const codes = [
      await create("fields", {
        qrId: "-formula",
        name: '=HYPERLINK("http://evil.example";"Ä, 🎈")',
        tags: ["a,b", "+1", "rot"],
        targetUrl: "https://example.com/?q=1,2;3",
        fallbackUrl: "https://example.com/gone",
        startsAt: "2026-01-01T00:00:00.000Z",
        expiresAt: "2027-01-01T00:00:00.000Z",
        maxScans: 5,
      }),
      await create("fields", { qrId: "plain" }),
    ];
    await redis.command("SET", CacheKeys.scanCount("plain"), "7");
    const expected = codes
      .map((code) => (code.qrId === "plain" ? { ...code, scans: 7 } : code))
      .sort((one, other) => (one.qrId < other.qrId ? 1 : -1));
    expect(objectsOf(await wholeOf("/export?format=ndjson", "fields"))).toEqual(expected);

    const [csv = ""] = await wholeOf("/export", "fields");
    expect(csv.startsWith("\ufeffqrId,tenantId,targetUrl,scanUrl,name,tags,status,state,")).toBe(true);
    for (const cell of ["\r\n'-formula,", `,"'=HYPERLINK(""http`]) expect(csv).toContain(cell);
    const told = recordsOf(csv);
    expect(told).toHaveLength(2);
    for (const [index, code] of expected.entries())
      for (const [name, value] of Object.entries(code)) {
        const cell = told[index]?.[name];
        if (name === "tags") expect(cell).toBe(code.tags.length > 0 ? JSON.stringify(code.tags) : "");
        else expect([name, cell]).toEqual([name, value === null ? "" : String(value)]);
      }
  });

  it("says what its reply is, and compresses it if asked to", async () => {
    await seed("typed", 100);
    const csv = await stack.call("/export?limit=50", { tenant: "typed" });
    expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(csv.headers.get("content-disposition")).toBe('attachment; filename="codes.csv"');
    expect(csv.headers.get("content-encoding")).toBe("gzip");
    const next = /<(.+)>/.exec(csv.headers.get("link") ?? "")?.[1] ?? "";
    const second = await stack.call(next, { tenant: "typed", headers: { "accept-encoding": "identity" } });
    expect(second.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=absent");
    expect(second.headers.get("content-encoding")).toBeNull();
    const lines = await stack.call("/export?format=ndjson", { tenant: "typed" });
    expect(lines.headers.get("content-type")).toBe("application/x-ndjson; charset=utf-8");
  });

  it("goes on page by page to the end, and its pages are one file", async () => {
    await seed("paged", 2 * SLICE + 7);
    for (const limit of [700, SLICE, 2 * SLICE + 6, 2 * SLICE + 7, 10_000]) {
      const texts = await wholeOf(`/export?limit=${limit}`, "paged");
      expect(texts).toHaveLength(Math.ceil((2 * SLICE + 7) / limit));
      const ids = recordsOf(texts.join("")).map(({ qrId }) => qrId);
      expect([ids.length, new Set(ids).size]).toEqual([2 * SLICE + 7, 2 * SLICE + 7]);
      expect(ids).toEqual([...ids].sort().reverse());
    }
  });

  it("is stable while codes are added, changed and deleted", async () => {
    await seed("moving", 30);
    const seen: string[] = [];
    for (let next: string | undefined = "/export?format=ndjson&limit=10"; next !== undefined; ) {
      const reply: Response = await stack.call(next, { tenant: "moving" });
      seen.push(...objectsOf<QrCode>([await reply.text()]).map(({ qrId }) => qrId));
      next = /^<(.+)>;/.exec(reply.headers.get("link") ?? "")?.[1];
      await create("moving", { name: "new" });
      await stack.call(`/qr/${seen[0]}`, { method: "DELETE", tenant: "moving" });
      await stack.call("/qr/moving-000001", {
        method: "PATCH",
        tenant: "moving",
        json: { name: `at ${seen.length}` },
      });
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, n) => `moving-${String(30 - n).padStart(6, "0")}`));
  });

  it("takes the filters of the list", async () => {
    await seed("filtered", 250, "CASE WHEN n % 10 = 0 THEN 'needle' END");
    const ids = async (query: string) =>
      objectsOf<QrCode>(await wholeOf(`/export?format=ndjson&${query}`, "filtered")).map(({ qrId }) => qrId);
    expect(await ids("tag=even")).toHaveLength(125);
    expect(await ids("q=Needle")).toHaveLength(25);
    expect(await ids("q=Needle&limit=10")).toHaveLength(25);
    expect(await ids("status=paused")).toEqual([]);
    expect((await ids("status=active&tag=even")).length).toBe(125);
  });

  it("costs one statement and one command for each thousand codes", async () => {
    await seed("counted", 2 * SLICE + 500);
    redisCalls = [];
    expect(await db.during(() => stack.call("/export", { tenant: "counted" }))).toHaveLength(3);
    expect(redisCalls).toEqual(["MGET", "MGET", "MGET"]);
  });

  it("shows what is persisted where Redis has less or fails, and asks it once then", async () => {
    await seed("durable", SLICE + 2);
    const scans = [1, 2, 3].map(() =>
      scannedEvent({ tenantId: "durable", qrId: "durable-000001", occurredAt: new Date(NOON).toISOString() }),
    );
    await persistBatch(db, scans, []);
    const shown = async () =>
      objectsOf<QrCode>(await wholeOf("/export?format=ndjson", "durable")).at(-1)?.scans;
    expect(await shown()).toBe(3);
    redisIsDown = true;
    redisCalls = [];
    expect([await shown(), redisCalls]).toEqual([3, ["MGET"]]);
    redisIsDown = false;
  });

  it("fits Lambda's reply, however large the codes are", async () => {
    // Quotes and umlauts take the most: each is two bytes in the reply.
    await seed("large", 800, `repeat('"ä', 100)`);
    await database.sql(
      `UPDATE qr_codes SET target_url = 'https://example.com/' || repeat('"', 2000), fallback_url = 'https://example.com/' || repeat('ä', 2000)
       WHERE tenant_id = 'large'`,
    );
    for (const format of ["csv", "ndjson"]) {
      const replies = await pages(`/export?format=${format}`, "large");
      expect(replies.length).toBeGreaterThan(1);
      const texts = await Promise.all(replies.map((reply) => reply.text()));
      for (const text of texts)
        expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThanOrEqual(MAX_PAGE_BYTES);
      const ids = format === "csv" ? recordsOf(texts.join("")) : objectsOf<QrCode>(texts);
      expect(new Set(ids.map(({ qrId }) => qrId)).size).toBe(800);
    }
  });

  it.each([
    ["format=xlsx", "format"],
    ["limit=0", "limit"],
    ["limit=10001", "limit"],
    ["cursor=nonsense", "cursor"],
    ["q=a", "q"],
    ["days=1", "days"],
  ])("%s is refused", async (query, path) => {
    const reply = await stack.call(`/export?${query}`);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ errors: [{ path }] });
  });
});

describe("single scans", () => {
  const at = (minute: number) => new Date(NOON + minute * 60_000).toISOString();
  const MINUTES = [-60_000, -5, -5, 0, 1, 2];

  beforeAll(async () => {
    for (const [tenant, qrId] of [
      ["single", "single-a"],
      ["single", "single-b"],
      ["other", "other-a"],
    ] as const) {
      await create(tenant, { qrId });
      const scans = MINUTES.map((minute, n) =>
        scannedEvent({ tenantId: tenant, qrId, occurredAt: at(minute), bot: n === 3, referrerHost: "=evil" }),
      );
      await persistBatch(db, scans, []);
    }
  });

  const scans = async (path: string, tenant = "single") =>
    objectsOf<KeptScan>(await wholeOf(`${path}${path.includes("?") ? "&" : "?"}format=ndjson`, tenant));

  it("are told oldest first, of a code or of all of the tenant's, without address and user agent", async () => {
    const ofCode = await scans("/qr/single-a/scans");
    expect(ofCode.map(({ occurredAt }) => occurredAt)).toEqual(MINUTES.map(at));
    expect(ofCode[0]).toEqual({
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ...{ occurredAt: at(-60_000), qrId: "single-a", targetUrl: "https://example.com/", bot: false },
      ...{ country: "DE", device: "mobile", os: "iOS", browser: "Safari" },
      ...{ referrerHost: "=evil", visitor: "visitor-1" },
    });
    const all = await scans("/scans");
    expect(all.map(({ occurredAt }) => occurredAt)).toEqual(
      MINUTES.flatMap((minute) => [at(minute), at(minute)]),
    );
    expect(new Set(all.map(({ qrId }) => qrId))).toEqual(new Set(["single-a", "single-b"]));
    const [csv = ""] = await wholeOf("/qr/single-a/scans", "single");
    expect(csv).toMatch(/^\ufeffeventId,occurredAt,qrId,/);
    expect(csv).toContain(",'=evil,visitor-1\r\n");
    expect(recordsOf(csv)).toHaveLength(6);
  });

  it("are those from an instant on, and before another", async () => {
    expect(await scans(`/scans?from=${at(0)}`)).toHaveLength(6);
    expect(await scans(`/scans?to=${at(0)}`)).toHaveLength(6);
    expect(await scans(`/qr/single-a/scans?from=${at(-5)}&to=${at(1)}`)).toHaveLength(3);
    expect(await scans("/scans?from=2026-03-15")).toHaveLength(10);
    expect(await scans("/scans?from=2026-03-16")).toEqual([]);
    const zoned = encodeURIComponent("2026-03-15T13:00:00+01:00");
    expect(await scans(`/scans?from=${zoned}`)).toHaveLength(6);
  });

  it("go on page by page, each once, also where many have the same instant", async () => {
    for (const limit of [1, 2, 5]) {
      const told = await scans(`/scans?limit=${limit}`);
      expect([told.length, new Set(told.map(({ eventId }) => eventId)).size]).toEqual([12, 12]);
    }
    expect(await pages("/scans?limit=12", "single")).toHaveLength(1);
    expect(await pages(`/scans?limit=2&from=${at(-5)}&to=${at(1)}`, "single")).toHaveLength(3);
  });

  it("of another tenant's code are not found, as those of a code that never was", async () => {
    const told = await Promise.all(
      ["other-a", "never-was"].map(async (id) => {
        const reply = await stack.call(`/qr/${id}/scans`, { tenant: "single" });
        const { requestId: _, ...problem } = (await reply.json()) as Record<string, unknown>;
        return JSON.stringify([reply.status, problem]).replaceAll(id, "<id>");
      }),
    );
    expect(told[0]).toContain("404");
    expect(told[1]).toBe(told[0]);
  });

  it("of a deleted code stay among the tenant's", async () => {
    await stack.call("/qr/single-b", { method: "DELETE", tenant: "single" });
    expect((await stack.call("/qr/single-b/scans", { tenant: "single" })).status).toBe(404);
    expect(await scans("/scans")).toHaveLength(12);
  });

  it.each([
    "from=yesterday",
    "to=2026-13-01",
    "from=0000-01-01",
    "to=1969-12-31",
    "cursor=abc",
    "format=json",
    "q=x",
  ])("%s is refused", async (query) => {
    for (const path of ["/scans", "/qr/single-a/scans"]) {
      const reply = await stack.call(`${path}?${query}`, { tenant: "single" });
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({ errors: [{ path: query.split("=")[0] }] });
    }
  });
});
