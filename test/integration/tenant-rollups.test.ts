import { randomUUID } from "node:crypto";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { ScannedEvent } from "../../core/events/schema.ts";
import { maintainPartitions } from "../../data/postgres/partitions.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { runMigrations } from "../../data/postgres/run-migrations.ts";
import { persistBatch } from "../../data/postgres/scan-events.ts";
import { adminSql, createDatabase, dropDatabase } from "../support/admin-sql.ts";
import { type CountingDb, countingDb } from "../support/counting-db.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { scannedEvent } from "../support/scan-events.ts";

const NOW = Date.parse("2026-03-15T12:00:00.000Z");
const MIGRATIONS = join(import.meta.dirname, "../../data/postgres/migrations");

/** Each roll-up and the same figures made of the single scans: rows as text, in order. */
const ROLL_UPS: Record<string, [stored: string, counted: string]> = {
  scan_quarters: [
    "SELECT concat_ws(' ', qr_id, quarter, scans, bots) AS line FROM scan_quarters ORDER BY 1",
    `SELECT concat_ws(' ', qr_id, to_timestamp(floor(extract(epoch FROM occurred_at) / 900) * 900),
       count(*) FILTER (WHERE NOT bot), count(*) FILTER (WHERE bot)) AS line
     FROM scan_events GROUP BY qr_id, floor(extract(epoch FROM occurred_at) / 900) ORDER BY 1`,
  ],
  tenant_quarters: [
    "SELECT concat_ws(' ', tenant_id, quarter, scans, bots) AS line FROM tenant_quarters ORDER BY 1",
    `SELECT concat_ws(' ', tenant_id, to_timestamp(floor(extract(epoch FROM occurred_at) / 900) * 900),
       count(*) FILTER (WHERE NOT bot), count(*) FILTER (WHERE bot)) AS line
     FROM scan_events GROUP BY tenant_id, floor(extract(epoch FROM occurred_at) / 900) ORDER BY 1`,
  ],
  tenant_days: [
    "SELECT concat_ws(' ', tenant_id, day, scans, bots, unique_visitors) AS line FROM tenant_days ORDER BY 1",
    `SELECT concat_ws(' ', tenant_id, (occurred_at AT TIME ZONE 'UTC')::date, count(*) FILTER (WHERE NOT bot),
       count(*) FILTER (WHERE bot), count(DISTINCT visitor) FILTER (WHERE NOT bot)) AS line
     FROM scan_events GROUP BY tenant_id, (occurred_at AT TIME ZONE 'UTC')::date ORDER BY 1`,
  ],
  tenant_totals: [
    "SELECT concat_ws(' ', tenant_id, scans, bots, last_scanned_at) AS line FROM tenant_totals ORDER BY 1",
    `SELECT concat_ws(' ', tenant_id, count(*) FILTER (WHERE NOT bot), count(*) FILTER (WHERE bot),
       max(occurred_at) FILTER (WHERE NOT bot)) AS line
     FROM scan_events GROUP BY tenant_id ORDER BY 1`,
  ],
  tenant_dimensions: [
    "SELECT concat_ws(' ', tenant_id, day, dimension, value, scans) AS line FROM tenant_dimensions ORDER BY 1",
    `SELECT concat_ws(' ', tenant_id, (occurred_at AT TIME ZONE 'UTC')::date, dimension, value, count(*)) AS line
     FROM scan_events, LATERAL (VALUES ('country', country), ('device', device), ('os', os), ('browser', browser),
       ('referrer', referrer_host)) AS named(dimension, value)
     WHERE NOT bot AND value IS NOT NULL
     GROUP BY tenant_id, (occurred_at AT TIME ZONE 'UTC')::date, dimension, value ORDER BY 1`,
  ],
  code_ranks: [
    "SELECT concat_ws(' ', tenant_id, day, qr_id, scans, magnitude) AS line FROM code_ranks ORDER BY 1",
    `SELECT concat_ws(' ', tenant_id, (occurred_at AT TIME ZONE 'UTC')::date, qr_id, count(*),
       floor(4 * log(2, count(*)) + 1e-9)) AS line
     FROM scan_events WHERE NOT bot GROUP BY tenant_id, (occurred_at AT TIME ZONE 'UTC')::date, qr_id ORDER BY 1`,
  ],
  unscanned_codes: [
    "SELECT concat_ws(' ', tenant_id, qr_id, created_at) AS line FROM unscanned_codes ORDER BY 1",
    `SELECT concat_ws(' ', tenant_id, qr_id, created_at) AS line FROM qr_codes c
     WHERE deleted_at IS NULL AND NOT EXISTS (SELECT FROM scan_events e WHERE e.qr_id = c.qr_id AND NOT bot) ORDER BY 1`,
  ],
};

type Sql = TestDatabase["sql"];

/** Fails unless every roll-up says what the single scans say. */
async function expectRollUps(sql: Sql): Promise<void> {
  for (const [table, [stored, counted]] of Object.entries(ROLL_UPS))
    expect({ [table]: await sql(stored) }).toEqual({ [table]: await sql(counted) });
}

const insertCodes = (sql: Sql, codes: [qrId: string, tenant: string][]) =>
  sql(
    `INSERT INTO qr_codes (qr_id, tenant_id, target_url, created_at, updated_at)
     SELECT *, 'https://example.com/', '2026-01-01', '2026-01-01' FROM unnest($1::text[], $2::text[])`,
    [codes.map(([qrId]) => qrId), codes.map(([, tenant]) => tenant)],
  );

/** `count` scans of six codes of two tenants over some days and both sides of a month, a fifth of them by bots. */
function drawnScans(count: number, seed: number): ScannedEvent[] {
  return Array.from({ length: count }, (_, n) => {
    const draw = (n + seed) * 7919;
    const code = draw % 5;
    return scannedEvent({
      qrId: `code-${code}`,
      tenantId: code < 3 ? "tenant_a" : "tenant_b",
      occurredAt: new Date(NOW - (draw % 40) * 13.7 * 3_600_000).toISOString(),
      bot: draw % 5 === 3 || code === 4,
      country: draw % 3 === 0 ? null : draw % 2 ? "DE" : "FR",
      referrerHost: draw % 4 === 0 ? `host-${draw % 7}.example` : null,
      visitor: `visitor-${draw % 6}`,
    });
  });
}

const CODES: [string, string][] = [0, 1, 2, 3, 4, 5].map((n) => [
  `code-${n}`,
  n < 3 ? "tenant_a" : "tenant_b",
]);

describe("the figures of tenants, of hours and of what nobody scans", () => {
  let database: TestDatabase;
  let db: CountingDb;
  beforeAll(async () => {
    database = await testDatabase();
    const name = new URL(database.url).pathname.slice(1);
    await database.sql(`ALTER DATABASE "${name}" SET timezone TO 'Asia/Kathmandu'`);
    db = countingDb(postgresDb({ connectionString: database.url }, { poolSize: 4, timeoutMs: 10_000 }));
    await maintainPartitions(db, NOW, 13);
    await insertCodes(database.sql, CODES);
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  it("move with the scans, in their one statement, each scan once", async () => {
    const scans = drawnScans(300, 1);
    expect(await db.during(() => persistBatch(db, scans, []))).toHaveLength(1);
    await expectRollUps(database.sql);
    expect((await persistBatch(db, [...scans.slice(50), ...drawnScans(20, 999)], [])).fresh).toBe(20);
    await expectRollUps(database.sql);
    expect((await persistBatch(db, scans, [])).fresh).toBe(0);
    await expectRollUps(database.sql);
  });

  it("are right if batches with the same scans and tenants come at the same time, in any order", async () => {
    const scans = drawnScans(200, 2_000);
    await Promise.all([
      persistBatch(db, scans, []),
      persistBatch(db, scans.toReversed(), []),
      persistBatch(db, scans.slice(60, 180), []),
      persistBatch(db, drawnScans(100, 5_000), []),
    ]);
    await expectRollUps(database.sql);
  });

  it("don't move if the batch does not persist", async () => {
    const scan = scannedEvent({ qrId: "code-1", occurredAt: "1999-01-01T00:00:00.000Z" });
    await expect(persistBatch(db, [...drawnScans(5, 7_000), scan], [])).rejects.toThrow("no partition");
    await expectRollUps(database.sql);
  });

  it("know a code as unscanned until a person scans it, is deleted or comes back", async () => {
    const unscanned = async () =>
      (await database.sql("SELECT qr_id FROM unscanned_codes WHERE tenant_id = 'tenant_c' ORDER BY 1")).map(
        ({ qr_id }) => qr_id,
      );
    await insertCodes(
      database.sql,
      ["c-1", "c-2", "c-3"].map((qrId) => [qrId, "tenant_c"]),
    );
    expect(await unscanned()).toEqual(["c-1", "c-2", "c-3"]);
    const scan = (qrId: string, bot: boolean) =>
      persistBatch(
        db,
        [scannedEvent({ qrId, tenantId: "tenant_c", bot, occurredAt: new Date(NOW).toISOString() })],
        [],
      );
    await scan("c-1", true);
    expect(await unscanned()).toEqual(["c-1", "c-2", "c-3"]);
    await scan("c-1", false);
    expect(await unscanned()).toEqual(["c-2", "c-3"]);
    await database.sql("UPDATE qr_codes SET deleted_at = now() WHERE qr_id IN ('c-1', 'c-2')");
    expect(await unscanned()).toEqual(["c-3"]);
    await database.sql("UPDATE qr_codes SET deleted_at = NULL WHERE tenant_id = 'tenant_c'");
    expect(await unscanned()).toEqual(["c-2", "c-3"]);
    await database.sql("UPDATE qr_codes SET name = 'changed' WHERE qr_id = 'c-2'");
    await expectRollUps(database.sql);
  });

  it("are kept by the month, as the single scans are, and dropped with them", async () => {
    const months = async (table: string) =>
      (
        await database.sql(
          "SELECT right(inhrelid::regclass::text, 7) AS month FROM pg_inherits WHERE inhparent::regclass::text = $1 ORDER BY 1",
          [table],
        )
      ).map(({ month }) => month);
    const tables = ["scan_quarters", "tenant_quarters", "tenant_visitors", "code_ranks"];
    const kept = await months("scan_events");
    expect(kept).toHaveLength(16);
    for (const table of tables) expect([table, await months(table)]).toEqual([table, kept]);
    await maintainPartitions(db, NOW, 1);
    const left = ["2026_02", "2026_03", "2026_04", "2026_05"];
    for (const table of [...tables, "scan_events"])
      expect([table, await months(table)]).toEqual([table, left]);
  });
});

describe("the migration", () => {
  const name = `figures_${randomUUID()}`;
  let url: string;
  let before: string;
  beforeAll(async () => {
    await createDatabase(inject("postgresUrl"), name);
    const made = new URL(inject("postgresUrl"));
    made.pathname = `/${name}`;
    url = made.href;
    before = await mkdtemp(join(tmpdir(), "migrations-"));
    for (const file of await readdir(MIGRATIONS))
      if (file < "0008") await cp(join(MIGRATIONS, file), join(before, file));
  });
  afterAll(async () => {
    await dropDatabase(inject("postgresUrl"), name);
    await rm(before, { recursive: true });
  });

  it("fills the figures from the scans that are kept, and goes on from there", async () => {
    // Fields of codes that came later have no column yet.
    await expect(runMigrations(url, before)).rejects.toThrow("a migration is missing");
    const db = postgresDb({ connectionString: url }, { poolSize: 2, timeoutMs: 10_000 });
    const sql: Sql = (statement, values) => adminSql(url, statement, values);
    try {
      await maintainPartitions(db, NOW, 13);
      await insertCodes(sql, CODES);
      await persistBatch(db, drawnScans(300, 1), []);
      await runMigrations(url);
      await expectRollUps(sql);
      await persistBatch(db, drawnScans(300, 200), []);
      await expectRollUps(sql);
    } finally {
      await db.close();
    }
  });
});
