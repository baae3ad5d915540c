import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { maintainPartitions } from "../../data/postgres/partitions.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { type ScanFilter, scansStatement } from "../../data/postgres/read-scans.ts";
import { historyStatement, type Scanned } from "../../data/postgres/scan-history.ts";
import { codeFiguresStatement, TAGGED } from "../../data/postgres/tenant-codes.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { nodesOf, type PlanNode, plansOf } from "../support/plan.ts";

const NOW = Date.parse("2026-03-15T12:00:00.000Z");
const CODES = 100_000;

/** Single scans: a page of them costs the same among ten million, which `FIGURES_PLANS_SCANS` can ask for. */
const KEPT_SCANS = Number(process.env.FIGURES_PLANS_SCANS ?? 100_000);

const DAYS = 365;

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  const db = postgresDb({ connectionString: database.url }, { poolSize: 1, timeoutMs: 60_000 });
  await maintainPartitions(db, NOW, 13);
  await db.close();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query("SET session_replication_role = replica; SET TimeZone = 'UTC'");
  for (const statement of ROWS) await client.query(statement);
  await client.query("VACUUM ANALYZE");
}, 600_000);
afterAll(async () => {
  await client.end();
  await database.drop();
});

/**
 * `big` has 100,000 codes, a tenth of which nobody scans; `small` has 10. Each day of a year 200 codes of `big` are
 * scanned, one of them on all days, and so are those of `small`; other tenants have figures, too. Triggers are off: the
 * roll-ups have as many rows as ten million scans leave behind, without the scans.
 */
const ROWS = [
  `INSERT INTO qr_codes (qr_id, tenant_id, target_url, name, tags, created_at, updated_at)
   SELECT tenant || '-' || n, tenant, 'https://example.com/', 'Code ' || n,
     CASE WHEN n <= 20 THEN '{rare}'::text[] ELSE ARRAY['t' || n % 100] END, timestamptz '2026-01-01' + n * interval '1 s', now()
   FROM (VALUES ('big', ${CODES}), ('small', 10)) AS t(tenant, codes), generate_series(1, codes) n`,
  `INSERT INTO unscanned_codes SELECT qr_id, tenant_id, created_at FROM qr_codes WHERE created_at < timestamptz '2026-01-01' + ${CODES / 10} * interval '1 s'`,
  `INSERT INTO unscanned_codes SELECT 'other-' || n, 'other-' || n % 100, now() FROM generate_series(1, ${CODES}) n`,
  `CREATE TEMP TABLE scanned AS
   SELECT tenant, tenant || '-' || CASE WHEN tenant = 'small' THEN 1 + c % 10 WHEN c = 0 THEN 1 ELSE 1 + (c * 499 + d * 97) % ${CODES} END AS qr_id,
     date '2026-03-15' - d AS day, 1 + c % 40 AS scans
   FROM generate_series(0, ${DAYS - 1}) d, (VALUES ('big', 200), ('small', 10)) AS t(tenant, codes), generate_series(0, codes - 1) c`,
  "INSERT INTO scan_days SELECT qr_id, day, sum(scans), 1, 1 FROM scanned GROUP BY 1, 2",
  "INSERT INTO code_ranks (tenant_id, day, qr_id, scans) SELECT min(tenant), day, qr_id, sum(scans) FROM scanned GROUP BY 2, 3",
  "INSERT INTO scan_totals SELECT qr_id, sum(scans), 1, now() FROM scanned GROUP BY 1",
  `INSERT INTO scan_quarters SELECT qr_id, day + h * interval '1 hour', 1, 0 FROM (SELECT DISTINCT qr_id, day FROM scanned) s,
     generate_series(0, 23, 6) h`,
  `INSERT INTO tenant_quarters SELECT tenant, date '2026-03-15' - d + q * interval '15 min', 10, 1
   FROM (VALUES ('big'), ('small')) AS t(tenant), generate_series(0, ${DAYS - 1}) d, generate_series(0, 95) q`,
  `INSERT INTO tenant_quarters SELECT 'other-' || n, date '2026-03-15' - d + q * interval '1 hour', 10, 1
   FROM generate_series(1, 10) n, generate_series(0, ${DAYS - 1}) d, generate_series(0, 23) q`,
  `INSERT INTO tenant_days SELECT 'other-' || n, date '2026-03-15' - d, 100, 1, 50
   FROM generate_series(1, 100) n, generate_series(0, ${DAYS - 1}) d`,
  `INSERT INTO tenant_dimensions SELECT 'other-' || n, date '2026-03-15' - d, dimension, dimension || v, 10
   FROM generate_series(1, 20) n, generate_series(0, ${DAYS - 1}) d,
     unnest('{country,device,browser,referrer}'::text[]) AS dimension, generate_series(1, 5) v`,
  `INSERT INTO tenant_days SELECT tenant, date '2026-03-15' - d, 100, 1, 50
   FROM (VALUES ('big'), ('small')) AS t(tenant), generate_series(0, ${DAYS - 1}) d`,
  "INSERT INTO tenant_totals VALUES ('big', 1000000, 10, now()), ('small', 1000, 10, now())",
  `INSERT INTO tenant_dimensions SELECT tenant, date '2026-03-15' - d, dimension, dimension || v, 10
   FROM (VALUES ('big'), ('small')) AS t(tenant), generate_series(0, ${DAYS - 1}) d,
     unnest('{country,device,browser,referrer}'::text[]) AS dimension, generate_series(1, 20) v`,
  // Of 2,000 scans, one is of `small`; every other one is of `big`'s first code.
  `INSERT INTO scan_events
   SELECT gen_random_uuid(), timestamptz '2026-03-15' - n * (interval '390 days' / ${KEPT_SCANS}), tenant,
     tenant || '-' || CASE WHEN tenant = 'small' THEN 1 + n % 10 WHEN n % 2 = 1 THEN 1 ELSE 1 + n::bigint * 499 % ${CODES} END,
     'https://example.com/', false, 'DE', 'mobile', 'iOS', 'Safari', NULL, 'visitor'
   FROM generate_series(1, ${KEPT_SCANS}) n, LATERAL (SELECT CASE WHEN n % 2000 = 0 THEN 'small' ELSE 'big' END AS tenant) t`,
];

/** What a statement did, planned and run as the service has it: if there are two ways, the one that read more. */
async function explain({ sql, values }: { sql: string; values: unknown[] }) {
  const figures = (await plansOf(client, sql, values)).map(figuresOf);
  return {
    whole: figures.flatMap(({ whole }) => whole),
    read: Math.max(...figures.map(({ read }) => read)),
    pages: Math.max(...figures.map(({ pages }) => pages)),
  };
}

function figuresOf(root: PlanNode) {
  const scans = nodesOf(root).filter(
    (node) => node["Relation Name"] !== undefined && node["Actual Loops"] > 0,
  );
  const read = (node: PlanNode) =>
    (node["Actual Rows"] +
      (node["Rows Removed by Filter"] ?? 0) +
      (node["Rows Removed by Index Recheck"] ?? 0)) *
    node["Actual Loops"];
  return {
    /** Tables that were read whole, though they have more than a page. */
    whole: scans
      .filter((node) => node["Node Type"] === "Seq Scan" && read(node) > 100)
      .map((node) => node["Relation Name"]),
    read: scans.reduce((sum, node) => sum + read(node), 0),
    pages: root["Shared Hit Blocks"] + root["Shared Read Blocks"],
  };
}

const period = (days: number, tz = "UTC") => ({ now: NOW, days, tz });
const dates = (days: number) => ({
  first: new Date(NOW - (days - 1) * 86_400_000).toISOString().slice(0, 10),
  last: "2026-03-15",
});

describe("the figures of 100,000 codes", () => {
  it.each<[string, Scanned, number, string, number]>([
    ["a tenant, 30 days", { tenantId: "big" }, 30, "UTC", 7_000],
    ["a tenant, a year", { tenantId: "big" }, 365, "Europe/Berlin", 75_000],
    ["a small tenant, a year", { tenantId: "small" }, 365, "Europe/Berlin", 75_000],
    ["a code, 30 days", { qrId: "big-1" }, 30, "Asia/Kathmandu", 400],
    ["a code, a year", { qrId: "big-1" }, 365, "Asia/Kathmandu", 3_000],
  ])("%s: a statement that reads its days and nothing else", async (_what, of, days, tz, most) => {
    const plan = await explain(historyStatement(of, period(days, tz)));
    expect(plan.whole).toEqual([]);
    expect(plan.read).toBeLessThanOrEqual(most);
  });

  it("cost a tenant of 100,000 codes what they cost one of 10", async () => {
    for (const days of [1, 30, 365]) {
      const [big, small] = [
        await explain(historyStatement({ tenantId: "big" }, period(days))),
        await explain(historyStatement({ tenantId: "small" }, period(days))),
      ];
      expect(big.read).toBe(small.read);
      expect(Math.abs(big.pages - small.pages)).toBeLessThanOrEqual(0.2 * small.pages + 20);
    }
  });

  it.each([
    [1, 1_700],
    [30, 5_500],
    [365, 50_000],
  ])("of %d days find top codes and unscanned ones by what leads each day", async (days, most) => {
    const plan = await explain(codeFiguresStatement("big", dates(days)));
    expect(plan.whole).toEqual([]);
    expect(plan.read).toBeLessThanOrEqual(most);
  });

  it("of a tag read what its codes have", async () => {
    const { rows } = await client.query(TAGGED, ["big", ["rare"]]);
    expect(rows).toHaveLength(20);
    const tagged = await explain({ sql: TAGGED, values: ["big", ["rare"]] });
    expect([tagged.whole, tagged.read <= 200]).toEqual([[], true]);
    const qrIds = rows.map(({ qr_id }) => qr_id);
    const history = await explain(historyStatement({ qrIds }, period(30)));
    expect([history.whole, history.read <= 2_000]).toEqual([[], true]);
    const codes = await explain(codeFiguresStatement("big", dates(30), qrIds));
    expect([codes.whole, codes.read <= 2_000]).toEqual([[], true]);
  });
});

describe("a page of single scans", () => {
  const after = { occurredAt: "2025-12-15T00:00:00.000Z", eventId: "80000000-0000-4000-8000-000000000000" };
  const from = "2026-01-01T00:00:00.000Z";
  it.each<[string, Omit<ScanFilter, "limit">]>([
    ["of a tenant", { tenantId: "big" }],
    ["of a tenant, far on", { tenantId: "big", after }],
    ["of a tenant, from a day on", { tenantId: "big", from, to: "2026-02-01T00:00:00.000Z" }],
    ["of a small tenant", { tenantId: "small" }],
    ["of a tenant without scans", { tenantId: "none" }],
    ["of a code", { tenantId: "big", qrId: "big-1" }],
    ["of a code, far on", { tenantId: "big", qrId: "big-1", after }],
    ["of a code with few scans", { tenantId: "big", qrId: "big-77777" }],
    ["of a code that nobody scanned", { tenantId: "big", qrId: "big-0" }],
  ])("%s reads the page and nothing else", async (_what, filter) => {
    const plan = await explain(scansStatement({ ...filter, limit: 1_001 }));
    expect(plan.whole).toEqual([]);
    expect(plan.read).toBeLessThanOrEqual(1_001 + 20);
    expect(plan.pages).toBeLessThanOrEqual(2_200);
  });
});
