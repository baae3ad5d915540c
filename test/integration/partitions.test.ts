import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { maintainHistory, maintainPartitions, oldestKept } from "../../data/postgres/partitions.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { persistBatch } from "../../data/postgres/scan-events.ts";
import { housekeep } from "../../functions/relay/housekeep.ts";
import type { Services } from "../../functions/runtime/services.ts";
import { type CountingDb, countingDb } from "../support/counting-db.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { recordLog } from "../support/log-recorder.ts";
import { scannedEvent } from "../support/scan-events.ts";

let database: TestDatabase;
let db: CountingDb;

beforeAll(async () => {
  database = await testDatabase();
  // A server that thinks in another zone must not move a month's edge.
  const name = new URL(database.url).pathname.slice(1);
  await database.sql(`ALTER DATABASE "${name}" SET timezone TO 'Pacific/Auckland'`);
  db = countingDb(postgresDb({ connectionString: database.url }, { poolSize: 4, timeoutMs: 10_000 }));
});
afterEach(async () => {
  for (const table of ["scan_events", "scan_visitors"]) {
    for (const partition of await names(table)) await db.write(`DROP TABLE ${partition}`, []);
  }
  await db.write("TRUNCATE scan_totals, scan_days, scan_dimensions", []);
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const maintain = (now: string, retentionMonths: number) =>
  maintainPartitions(db, Date.parse(now), retentionMonths);

/** The partitions of a table and what they hold, in the order of their months. */
async function partitions(table: string) {
  return db.read<{ name: string; bounds: string }>(
    `SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds
     FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
     WHERE inhparent = '${table}'::regclass ORDER BY c.relname`,
    [],
  );
}

const names = async (table: string) => (await partitions(table)).map(({ name }) => name);

/** Names as `maintainPartitions` gives them. */
const months = (table: string, ...dates: string[]) =>
  dates.map((date) => `${table}_${date.replace("-", "_")}`);

async function persistAt(...instants: string[]): Promise<void> {
  const scans = instants.map((occurredAt) => scannedEvent({ occurredAt, country: null }));
  expect((await persistBatch(db, scans, [])).fresh).toBe(instants.length);
}

async function count(table: string): Promise<number> {
  const [row] = await db.read<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`, []);
  return row?.rows ?? -1;
}

describe("the partitions", () => {
  it("reach from the oldest month that is kept to two months ahead, in UTC", async () => {
    await maintain("2026-03-31T23:59:59.999Z", 2);
    const dates = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"];
    expect(await names("scan_events")).toEqual(months("scan_events", ...dates));
    expect(await names("scan_visitors")).toEqual(months("scan_visitors", ...dates));
    expect((await partitions("scan_visitors"))[0]?.bounds).toBe(
      "FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
    );
    await persistAt(
      oldestKept(Date.parse("2026-03-31T23:59:59.999Z"), 2),
      "2026-01-31T23:59:59.999Z",
      "2026-02-01T00:00:00.000Z",
      "2026-02-28T23:59:59.999Z",
      "2026-03-01T00:00:00.000Z",
      "2026-05-31T23:59:59.999Z",
    );
    expect(await Promise.all(months("scan_events", ...dates).map(count))).toEqual([2, 2, 1, 0, 1]);
    await expect(persistAt("2025-12-31T23:59:59.999Z")).rejects.toThrow("no partition");
    await expect(persistAt("2026-06-01T00:00:00.000Z")).rejects.toThrow("no partition");
  });

  it.each([
    ["2025-12-31T23:59:59.999Z", ["2025-11", "2025-12", "2026-01", "2026-02"]],
    ["2026-01-01T00:00:00.000Z", ["2025-12", "2026-01", "2026-02", "2026-03"]],
    ["2026-01-31T12:00:00.000Z", ["2025-12", "2026-01", "2026-02", "2026-03"]],
    ["2028-02-29T12:00:00.000Z", ["2028-01", "2028-02", "2028-03", "2028-04"]],
  ])("go on across the end of a year and of any month (%s)", async (now, dates) => {
    await maintain(now, 1);
    for (const table of ["scan_events", "scan_visitors"]) {
      expect(await names(table)).toEqual(months(table, ...dates));
    }
    await persistAt(`${dates[0]}-01T00:00:00.000Z`, now);
  });

  it("are made once, however often they are looked after", async () => {
    await maintain("2026-03-15T00:00:00.000Z", 13);
    const made = await partitions("scan_events");
    expect(made).toHaveLength(16);
    await persistAt("2026-03-15T00:00:00.000Z");
    const statements = await db.during(() => maintain("2026-03-15T00:00:00.000Z", 13));
    expect(statements).toHaveLength(2);
    expect(statements.join()).not.toMatch(/create|drop/i);
    expect([await partitions("scan_events"), await count("scan_events")]).toEqual([made, 1]);
  });

  it("are made once by callers that come at the same time", async () => {
    const callers = Array.from({ length: 6 }, () =>
      postgresDb({ connectionString: database.url }, { poolSize: 1, timeoutMs: 10_000 }),
    );
    try {
      const now = Date.parse("2026-03-15T00:00:00.000Z");
      await Promise.all(callers.map((caller) => maintainPartitions(caller, now, 13)));
    } finally {
      await Promise.all(callers.map((caller) => caller.close()));
    }
    expect([(await names("scan_events")).length, (await names("scan_visitors")).length]).toEqual([16, 16]);
  });

  it("are made while scans are being persisted", async () => {
    await maintain("2026-03-15T00:00:00.000Z", 1);
    await Promise.all([
      ...Array.from({ length: 20 }, () => persistAt("2026-03-15T00:00:00.000Z")),
      maintain("2026-04-15T00:00:00.000Z", 1),
    ]);
    expect(await count("scan_events")).toBe(20);
    expect(await names("scan_events")).toContain("scan_events_2026_06");
  });

  it("are not half made if making them fails", async () => {
    await database.sql("CREATE TABLE scan_visitors_2026_05 ()");
    await expect(maintain("2026-03-15T00:00:00.000Z", 1)).rejects.toThrow("already exists");
    expect(await names("scan_events")).toEqual([]);
    await database.sql("DROP TABLE scan_visitors_2026_05");
    await maintain("2026-03-15T00:00:00.000Z", 1);
    expect(await names("scan_events")).toHaveLength(4);
  });
});

describe("what is too old", () => {
  it("is dropped by the month, across the end of a year, while its figures stay", async () => {
    await maintain("2025-12-31T23:59:59.999Z", 1);
    await persistAt("2025-11-30T23:59:59.999Z", "2025-12-01T00:00:00.000Z", "2025-12-31T23:59:59.999Z");

    await maintain("2026-01-01T00:00:00.000Z", 1);
    expect(await names("scan_events")).toEqual(
      months("scan_events", "2025-12", "2026-01", "2026-02", "2026-03"),
    );
    expect([await count("scan_events"), await count("scan_visitors")]).toEqual([2, 2]);

    await maintain("2026-02-01T00:00:00.000Z", 1);
    expect([await count("scan_events"), await count("scan_visitors")]).toEqual([0, 0]);
    const [total] = await db.read("SELECT scans, last_scanned_at FROM scan_totals", []);
    expect(total).toEqual({ scans: 3, last_scanned_at: new Date("2025-12-31T23:59:59.999Z") });
    expect(await db.read("SELECT day::text, scans, unique_visitors FROM scan_days ORDER BY day", [])).toEqual(
      [
        { day: "2025-11-30", scans: 1, unique_visitors: 1 },
        { day: "2025-12-01", scans: 1, unique_visitors: 1 },
        { day: "2025-12-31", scans: 1, unique_visitors: 1 },
      ],
    );
    expect(await count("scan_dimensions")).toBe(9);
  });

  it("goes as tables, never row by row", async () => {
    await maintain("2026-01-15T00:00:00.000Z", 1);
    await persistAt("2026-01-15T00:00:00.000Z");
    const statements = await db.during(() => maintain("2026-06-15T00:00:00.000Z", 1));
    expect(statements.filter((statement) => statement.includes("drop_scan_partition"))).toHaveLength(8);
    expect(statements.join()).not.toMatch(/DELETE|TRUNCATE/i);
    expect(await count("scan_events")).toBe(0);
  });

  it("follows the retention when that is changed", async () => {
    const now = "2026-03-15T00:00:00.000Z";
    await maintain(now, 3);
    await maintain(now, 1);
    expect((await names("scan_events"))[0]).toBe("scan_events_2026_02");
    await maintain(now, 3);
    expect((await names("scan_events"))[0]).toBe("scan_events_2025_12");
    await persistAt(oldestKept(Date.parse(now), 3));
  });

  it("does not take along what is no month of these tables", async () => {
    await database.sql("CREATE TABLE scan_events_2001_01 ()");
    await database.sql("CREATE TABLE scan_events_rest PARTITION OF scan_events DEFAULT");
    await maintain("2026-03-15T00:00:00.000Z", 1);
    await maintain("2027-03-15T00:00:00.000Z", 1);
    expect(await count("scan_events_2001_01")).toBe(0);
    expect(await names("scan_events")).toContain("scan_events_rest");
    await database.sql("DROP TABLE scan_events_2001_01");
  });
});

describe("the months of the history", () => {
  const maintainMonths = (now: string, months: number) => maintainHistory(db, Date.parse(now), months);
  const own = async () => (await names("code_history")).filter((name) => name !== "code_history_rest");
  const change = (changedAt: string) =>
    db.write(
      `INSERT INTO code_history (id, changed_at, tenant_id, qr_id, change, version, actor, fields)
       VALUES (gen_random_uuid(), $1, 'tenant_a', 'code', 'created', 1, '{}', '[]')`,
      [changedAt],
    );
  afterEach(async () => {
    for (const name of await own()) await db.write(`DROP TABLE ${name}`, []);
    await db.write("TRUNCATE code_history", []);
  });

  it("are made and dropped as those of the scans are", async () => {
    await maintainMonths("2025-12-31T23:59:59.999Z", 1);
    await change("2025-11-30T23:59:59.999Z");
    await change("2025-12-01T00:00:00.000Z");
    await maintainMonths("2026-01-01T00:00:00.000Z", 1);
    expect(await own()).toEqual(months("code_history", "2025-12", "2026-01", "2026-02", "2026-03"));
    expect(await count("code_history")).toBe(1);
    expect(await db.during(() => maintainMonths("2026-01-02T00:00:00.000Z", 1))).toHaveLength(2);
    const statements = await db.during(() => maintainMonths("2026-06-02T00:00:00.000Z", 1));
    expect(statements.join()).not.toMatch(/DELETE|TRUNCATE/i);
    expect(await count("code_history")).toBe(0);
  });

  it("take over what was changed before they were made: no change waits for its month", async () => {
    await change("2026-03-31T23:59:59.999Z");
    await change("2026-04-01T00:00:00.000Z");
    expect(await count("code_history_rest")).toBe(2);
    await Promise.all([
      maintainMonths("2026-04-15T00:00:00.000Z", 0),
      ...Array.from({ length: 10 }, () => change("2026-04-15T00:00:00.000Z")),
    ]);
    expect([await count("code_history_rest"), await count("code_history_2026_04")]).toEqual([1, 11]);
  });
});

describe("housekeeping", () => {
  it("drops idempotency keys after their day, and keeps those of the last", async () => {
    await db.write(
      `INSERT INTO idempotency_keys (tenant_id, key, body_hash, created_at)
       SELECT 'tenant_a', age, '', now() - age::interval FROM unnest('{25 hours,23 hours,0 hours}'::text[]) AS age`,
      [],
    );
    const services = { db, log: recordLog(), now: Date.now };
    await housekeep(services as unknown as Services, { scans: 1, history: 1 });
    expect(await db.read("SELECT key FROM idempotency_keys ORDER BY key", [])).toEqual([
      { key: "0 hours" },
      { key: "23 hours" },
    ]);
    for (const name of await names("code_history"))
      if (name !== "code_history_rest") await db.write(`DROP TABLE ${name}`, []);
  });

  it("looks after the partitions by the clock of the service", async () => {
    const services = { db, log: recordLog(), now: () => Date.parse("2030-01-01T00:00:00.000Z") };
    await housekeep(services as unknown as Services, { scans: 1, history: 1 });
    expect(await names("scan_events")).toEqual(
      months("scan_events", "2029-12", "2030-01", "2030-02", "2030-03"),
    );
    expect(await names("code_history")).toEqual([
      ...months("code_history", "2029-12", "2030-01", "2030-02", "2030-03"),
      "code_history_rest",
    ]);
  });

  it("is put off while the database is down, and says so in one line", async () => {
    const down = postgresDb(
      { connectionString: "postgres://nobody@127.0.0.1:1/none" },
      { poolSize: 1, timeoutMs: 500 },
    );
    const log = recordLog();
    await housekeep({ db: down, log, now: Date.now } as unknown as Services, { scans: 1, history: 1 });
    await down.close();
    expect(log.lines.map(({ level }) => level)).toEqual(["warn"]);
  });
});
