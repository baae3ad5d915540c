import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULTS } from "../../core/code/defaults.ts";
import { findKey } from "../../data/postgres/api-keys.ts";
import {
  type ChangeOf,
  deleteCode,
  insertCode,
  restoreCode,
  updateCode,
} from "../../data/postgres/change-codes.ts";
import type { Db, Query } from "../../data/postgres/db.ts";
import { removePendingInvalidations } from "../../data/postgres/pending-invalidations.ts";
import { preparedName } from "../../data/postgres/prepared.ts";
import { findCode } from "../../data/postgres/read-codes.ts";
import { findLink } from "../../data/postgres/read-link.ts";
import { findPictured } from "../../data/postgres/read-pictured.ts";
import { findTenantStyle } from "../../data/postgres/tenant-styles.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { PERSON } from "../support/person.ts";
import { nodesOf, type PlanNode, plansOf } from "../support/plan.ts";

const ROWS = 100_000;

const FILL = [
  `INSERT INTO qr_codes (qr_id, tenant_id, target_url, tags, created_at, updated_at, deleted_at)
   SELECT 'code-' || n, CASE WHEN n % 2 = 0 THEN 'big' ELSE 'other-' || n % 100 END, 'https://example.com/', '{tag}', now(), now(),
     CASE WHEN n % 8 = 0 THEN now() END FROM generate_series(1, ${ROWS}) n`,
  `INSERT INTO scan_totals (qr_id, scans, bots) SELECT 'code-' || n, n, 0 FROM generate_series(1, ${ROWS}) n`,
  `INSERT INTO scan_days SELECT 'code-' || n, date '2026-03-15', n, 0, 0 FROM generate_series(1, ${ROWS}) n`,
  `INSERT INTO pending_invalidations (tenant_id, qr_id, deleted) SELECT 'big', 'code-' || n, false FROM generate_series(1, ${ROWS}) n`,
  `INSERT INTO tenant_styles SELECT 'other-' || n, '{}', now() FROM generate_series(1, ${ROWS}) n`,
  "VACUUM ANALYZE",
];

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  for (const statement of FILL) await client.query(statement);
}, 120_000);
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** The plans of the one statement of some work, run in each way that the service may have it. */
async function explain(work: (query: Query) => Promise<unknown>): Promise<PlanNode[]> {
  const plans: PlanNode[] = [];
  const query: Query = async (sql, values) => {
    expect(preparedName(sql)).toBeDefined();
    plans.push(...(await plansOf(client, sql, values)));
    return [];
  };
  // A statement that returns nothing stands for an ID that is taken.
  await work(query).catch((error: Error) => expect(error.message).toContain("taken"));
  return plans;
}

const on = (query: Query) => ({ read: query, write: query }) as Db;
const of = (qrId: string): ChangeOf => ({
  tenantId: "big",
  qrId,
  actor: PERSON,
  now: "2026-03-15T12:00:00.000Z",
});
const fields = { ...DEFAULTS, targetUrl: "https://example.com/new" };

describe("the statement of one code among 100,000", () => {
  it.each<[string, (query: Query) => Promise<unknown>]>([
    ["a code", (query) => findCode(on(query), "big", "code-2", "2026-03-15")],
    ["a link", (query) => findLink(on(query), "code-2")],
    ["a picture's code", (query) => findPictured(on(query), "code-2")],
    ["a style", (query) => findTenantStyle(on(query), "other-2")],
    ["a key", (query) => findKey(on(query), "none")],
    ["a new code", (query) => insertCode(query, of("new"), fields)],
    ["an update", (query) => updateCode(query, of("code-2"), { name: "New" })],
    ["an update of one version", (query) => updateCode(query, of("code-2"), fields, [1, 2])],
    ["a deletion", (query) => deleteCode(query, of("code-2"))],
    ["a restoration", (query) => restoreCode(query, of("code-8"))],
    ["what Redis has confirmed", (query) => removePendingInvalidations(on(query), [1, 2, 3])],
  ])(
    "(%s) reads single rows by their keys, whether it is planned for its values or for any",
    async (_what, work) => {
      const plans = await explain(work);
      expect(plans).toHaveLength(2);
      for (const node of plans.flatMap(nodesOf).filter((node) => node["Relation Name"] !== undefined)) {
        const read = (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
        expect([node["Relation Name"], read <= 3]).toEqual([node["Relation Name"], true]);
      }
    },
  );
});
