import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QrCode } from "../../core/code/qr-code.ts";
import type { ScannedEvent } from "../../core/events/schema.ts";
import type { Db } from "../../data/postgres/db.ts";
import { maintainPartitions } from "../../data/postgres/partitions.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { persistBatch } from "../../data/postgres/scan-events.ts";
import { MAX_COUNTED, MAX_TAGGED } from "../../data/postgres/tenant-codes.ts";
import { type TenantStats, tenantStats } from "../../functions/tenant-stats/use-case.ts";
import { type CountingDb, countingDb } from "../support/counting-db.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { scannedEvent } from "../support/scan-events.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const NOON = Date.parse("2026-03-15T12:00:00.000Z");

let database: TestDatabase;
let db: CountingDb;
let stack: TestStack;
beforeAll(async () => {
  database = await testDatabase();
  const name = new URL(database.url).pathname.slice(1);
  await database.sql(`ALTER DATABASE "${name}" SET timezone TO 'Pacific/Auckland'`);
  db = countingDb(postgresDb({ connectionString: database.url }, { poolSize: 4, timeoutMs: 10_000 }));
  await maintainPartitions(db, NOON, 13);
  stack = await startTestStack({ db, now: () => NOON });
});
afterAll(async () => {
  await stack.close();
  await database.drop();
});

async function stats(query = "", tenant = "tenant_a"): Promise<TenantStats> {
  const reply = await stack.call(`/stats${query}`, { tenant });
  expect(reply.status).toBe(200);
  return (await reply.json()) as TenantStats;
}

async function newCode(tenant: string, fields: Record<string, unknown> = {}): Promise<string> {
  const json = { targetUrl: "https://example.com/", ...fields };
  const reply = await stack.call("/generate", { method: "POST", tenant, json });
  return ((await reply.json()) as QrCode).qrId;
}

/** A scan of the noon in Germany by a phone, unless told otherwise. */
const scan = (tenantId: string, qrId: string, fields: Partial<ScannedEvent> = {}) =>
  scannedEvent({ tenantId, qrId, occurredAt: new Date(NOON).toISOString(), ...fields });
const persist = (...scans: ScannedEvent[]) => persistBatch(db, scans, []);

const hours = (scans: Record<number, number>) =>
  Array.from({ length: 24 }, (_, hour) => ({ hour, scans: scans[hour] ?? 0 }));

/** `count` codes of a tenant, made at once. */
const seed = (tenant: string, count: number, tags = "{}") =>
  database.sql(
    `INSERT INTO qr_codes (qr_id, tenant_id, target_url, tags, created_at, updated_at)
     SELECT $1 || '-' || n, $1, 'https://example.com/', $3::text[], timestamptz '2026-01-01T00:00:00Z' + n * interval '1 s', '2026-01-01'
     FROM generate_series(1, $2::int) n`,
    [tenant, count, tags],
  );

describe("GET /stats", () => {
  it("tells a tenant's figures over all its codes", async () => {
    const [one, two, three] = [
      await newCode("tenant_a", { name: "One" }),
      await newCode("tenant_a", { name: "Two" }),
      await newCode("tenant_a", { name: "Three" }),
    ];
    const foreign = await newCode("tenant_b");
    await persist(
      scan("tenant_a", one, { referrerHost: "news.example" }),
      // The same person at another code is the same visitor.
      scan("tenant_a", two),
      scan("tenant_a", two, { visitor: "visitor-2", country: "FR", device: "tablet", browser: "Chrome" }),
      scan("tenant_a", two, { occurredAt: "2026-03-14T08:00:00.000Z" }),
      scan("tenant_a", one, { occurredAt: "2026-01-01T08:00:00.000Z" }),
      scan("tenant_a", three, { bot: true }),
      scan("tenant_b", foreign, { country: "US" }),
    );
    const shown = await stats("?days=2");
    expect(shown).toEqual({
      scans: 5,
      today: 3,
      date: "2026-03-15",
      tz: "UTC",
      bots: 1,
      uniqueVisitors: 3,
      lastScannedAt: "2026-03-15T12:00:00.000Z",
      daily: [
        { date: "2026-03-14", scans: 1, unique: 1 },
        { date: "2026-03-15", scans: 3, unique: 2 },
      ],
      hourly: hours({ 8: 1, 12: 3 }),
      topCodes: [
        { qrId: two, name: "Two", scans: 3 },
        { qrId: one, name: "One", scans: 1 },
      ],
      unscannedCodes: [{ qrId: three, name: "Three", createdAt: "2026-03-15T12:00:00.000Z" }],
      unscannedCount: 1,
      countries: [
        { value: "DE", scans: 3 },
        { value: "FR", scans: 1 },
      ],
      devices: [
        { value: "mobile", scans: 3 },
        { value: "tablet", scans: 1 },
      ],
      browsers: [
        { value: "Safari", scans: 3 },
        { value: "Chrome", scans: 1 },
      ],
      referrers: [{ value: "news.example", scans: 1 }],
    });
    expect(await stats("?days=1&tz=Asia/Kathmandu")).toMatchObject({
      tz: "Asia/Kathmandu",
      daily: [{ date: "2026-03-15", scans: 3, unique: 2 }],
      hourly: hours({ 17: 3 }),
    });
  });

  it("is complete for a tenant without codes", async () => {
    expect(await stats("?days=1", "tenant_empty")).toMatchObject({
      ...{ scans: 0, today: 0, bots: 0, uniqueVisitors: 0, lastScannedAt: null },
      daily: [{ date: "2026-03-15", scans: 0, unique: 0 }],
      hourly: hours({}),
      ...{ topCodes: [], unscannedCodes: [], unscannedCount: 0, countries: [] },
    });
  });

  it("leaves out deleted codes where codes are listed, and keeps their scans", async () => {
    const [gone, unscanned, kept] = [
      await newCode("deleting"),
      await newCode("deleting"),
      await newCode("deleting"),
    ];
    await persist(scan("deleting", gone), scan("deleting", gone), scan("deleting", kept));
    for (const id of [gone, unscanned])
      await stack.call(`/qr/${id}`, { method: "DELETE", tenant: "deleting" });
    expect(await stats("", "deleting")).toMatchObject({
      scans: 3,
      topCodes: [{ qrId: kept, scans: 1 }],
      unscannedCodes: [],
      unscannedCount: 0,
    });
  });

  it("finds a period's top codes among those that lead its days, by their scans of the whole period", async () => {
    const codes = Array.from({ length: 40 }, (_, n) => `top-${n + 1}`);
    await seed("top", 40);
    await persist(
      ...codes.flatMap((qrId, n) =>
        [0, 1, 2].flatMap((day) =>
          Array.from({ length: day === 1 ? 40 - n : 1 }, () =>
            scan("top", qrId, { occurredAt: new Date(NOON - day * 86_400_000).toISOString() }),
          ),
        ),
      ),
    );
    const { topCodes } = await stats("?days=3", "top");
    expect(topCodes.map(({ qrId, scans }) => [qrId, scans])).toEqual(
      codes.slice(0, 20).map((qrId, n) => [qrId, 42 - n]),
    );
    expect((await stats("?days=1", "top")).topCodes.every(({ scans }) => scans === 1)).toBe(true);
  });

  it("lists the oldest of what nobody scans, and counts to a bound", async () => {
    await seed("silent", MAX_COUNTED + 5);
    const { unscannedCodes, unscannedCount } = await stats("", "silent");
    expect(unscannedCount).toBe(MAX_COUNTED);
    expect(unscannedCodes.map(({ qrId }) => qrId)).toEqual(
      Array.from({ length: 20 }, (_, n) => `silent-${n + 1}`),
    );
    expect(unscannedCodes[0]).toEqual({
      qrId: "silent-1",
      name: null,
      createdAt: "2026-01-01T00:00:01.000Z",
    });
  });

  it("asks Postgres twice, and Redis never, with 10 codes or thousands", async () => {
    for (const tenant of ["tenant_a", "silent", "tenant_empty"])
      expect(await db.during(() => stats("?days=365&tz=Europe/Berlin", tenant))).toHaveLength(2);
  });
});

describe("?tag=", () => {
  it("adds up the figures of the tag's codes", async () => {
    const tags = ["shop"];
    const [one, two, silent, other] = [
      await newCode("tags", { tags }),
      await newCode("tags", { tags: ["shop", "x"] }),
      await newCode("tags", { tags }),
      await newCode("tags", { tags: ["x"] }),
    ];
    await persist(
      scan("tags", one),
      scan("tags", two),
      scan("tags", two, { occurredAt: "2026-03-14T23:30:00.000Z", bot: true }),
      scan("tags", two, { occurredAt: "2026-03-14T23:30:00.000Z" }),
      scan("tags", other),
    );
    const shown = await stats("?tag=shop&days=2", "tags");
    expect(shown).toMatchObject({
      ...{ scans: 3, today: 2, bots: 1 },
      // Of a tag, who scanned two of its codes on a day counts twice.
      uniqueVisitors: 3,
      daily: [
        { date: "2026-03-14", scans: 1, unique: 1 },
        { date: "2026-03-15", scans: 2, unique: 2 },
      ],
      hourly: hours({ 12: 2, 23: 1 }),
      topCodes: [
        { qrId: two, scans: 2 },
        { qrId: one, scans: 1 },
      ],
      unscannedCodes: [{ qrId: silent }],
      unscannedCount: 1,
      countries: [{ value: "DE", scans: 3 }],
    });
    expect(await stats("?tag=shop&days=1&tz=Europe/Berlin", "tags")).toMatchObject({
      bots: 1,
      daily: [{ date: "2026-03-15", scans: 3, unique: 2 }],
    });
    expect(await stats("?tag=x", "tags")).toMatchObject({ scans: 3 });
    expect(await stats("?tag=none", "tags")).toMatchObject({ scans: 0, topCodes: [], unscannedCodes: [] });
    // Another tenant's codes of the tag are not among them.
    expect(await stats("?tag=shop", "tenant_a")).toMatchObject({ scans: 0 });
  });

  it("takes three statements, and finds a tag in any form of its text", async () => {
    await newCode("tags", { tags: ["caf\u00e9"] });
    expect(await stats(`?tag=${encodeURIComponent("cafe\u0301")}`, "tags")).toMatchObject({
      unscannedCount: 1,
    });
    expect(await db.during(() => stats("?tag=shop", "tags"))).toHaveLength(3);
  });

  it("of too many codes is refused, since its figures are added up anew each time", async () => {
    await seed("broad", MAX_TAGGED, "{all}");
    expect(await stats("?tag=all", "broad")).toMatchObject({ scans: 0, unscannedCount: MAX_COUNTED });
    await newCode("broad", { tags: ["all"] });
    const reply = await stack.call("/stats?tag=all", { tenant: "broad" });
    expect(reply.status).toBe(422);
    expect(await reply.json()).toMatchObject({ errors: [{ path: "tag" }] });
  });

  it("whose figures take too long is refused likewise", async () => {
    const sleep = "SELECT pg_sleep(1), $1::text[], $2, $3, $4, $5, $6, $7";
    const slow: Db = { ...db, readWithin: (_limitMs, _sql, values) => db.readWithin(100, sleep, values) };
    const query = { days: 1, tz: "UTC", tag: "shop" };
    await expect(tenantStats({ ...stack.services, db: slow }, "tags", query)).rejects.toMatchObject({
      kind: "too-broad",
      errors: [{ path: "tag" }],
    });
  });
});

describe("the query", () => {
  it.each([
    ["days=0", "days"],
    ["days=366", "days"],
    ["tz=Mars/Olympus", "tz"],
    ["tag=", "tag"],
    [`tag=${"x".repeat(51)}`, "tag"],
    ["tag=%00", "tag"],
    ["q=abc", "q"],
  ])("%s is refused", async (query, path) => {
    const reply = await stack.call(`/stats?${query}`);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ errors: [{ path }] });
  });
});
