import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULTS } from "../../core/code/defaults.ts";
import {
  type ChangeMany,
  deleteCodes,
  insertCodes,
  issuedIds,
  readOwnCodes,
  restoreCodes,
  SLICE,
  updateCodes,
  type WrittenCode,
} from "../../data/postgres/change-many-codes.ts";
import type { Query } from "../../data/postgres/db.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { PERSON } from "../support/person.ts";
import { nodesOf, type PlanNode } from "../support/plan.ts";

const CODES = 100_000;

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  // Every other code is `big`'s; of those each fourth is deleted.
  await client.query(
    `INSERT INTO qr_codes (qr_id, tenant_id, target_url, tags, created_at, updated_at, deleted_at)
     SELECT 'code-' || n, CASE WHEN n % 2 = 0 THEN 'big' ELSE 'other-' || n % 100 END, 'https://example.com/', '{tag}', now(), now(),
       CASE WHEN n % 8 = 0 THEN now() END FROM generate_series(1, ${2 * CODES}) n`,
  );
  await client.query("VACUUM ANALYZE qr_codes");
}, 120_000);
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** What the statements of some work read, planned and run as the service has them, and then undone. */
async function explain(work: (query: Query) => Promise<unknown>) {
  const nodes: PlanNode[] = [];
  let statements = 0;
  await client.query("BEGIN");
  try {
    await work(async (sql, values) => {
      statements += 1;
      const { rows } = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, values);
      nodes.push(...nodesOf(rows[0]["QUERY PLAN"][0].Plan as PlanNode));
      return [];
    });
  } finally {
    await client.query("ROLLBACK");
  }
  const read = (node: PlanNode) => node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0);
  const ofCodes = nodes.filter((node) => node["Relation Name"] === "qr_codes");
  return {
    statements,
    /** Of codes, from the table or its indexes; what the change itself writes is told once more. */
    read: ofCodes.reduce((sum, node) => sum + read(node) * node["Actual Loops"], 0),
    whole: ofCodes.filter((node) => node["Node Type"] === "Seq Scan").length,
    /** Pairs that a join has looked at for nothing. */
    pairs: nodes.reduce(
      (sum, node) => sum + (node["Rows Removed by Join Filter"] ?? 0) * node["Actual Loops"],
      0,
    ),
  };
}

/** IDs of a slice: every so many of the codes. */
const idsOf = (step: number, first = step) =>
  Array.from({ length: SLICE }, (_, index) => `code-${first + index * step}`);
const of: ChangeMany = { tenantId: "big", actor: PERSON, now: "2026-03-15T12:00:00.000Z" };
const written = (qrIds: readonly string[]): WrittenCode[] =>
  qrIds.map((qrId) => ({ qrId, fields: { ...DEFAULTS, targetUrl: "https://example.com/new" } }));

describe("the statements of 1,000 rows among 200,000 codes", () => {
  it.each<[string, (query: Query) => Promise<unknown>]>([
    ["read the tenant's own", (query) => readOwnCodes(query, "big", idsOf(2), { lock: true })],
    ["read tombstones", (query) => readOwnCodes(query, "big", idsOf(8), { deleted: true, lock: true })],
    ["look for issued IDs", (query) => issuedIds(query, idsOf(3))],
    ["insert", (query) => insertCodes(query, of, written(idsOf(1, 1_000_000)))],
    ["insert what is there", (query) => insertCodes(query, of, written(idsOf(1)))],
    ["update", (query) => updateCodes(query, of, written(idsOf(4, 2)), "updated")],
    ["delete", (query) => deleteCodes(query, of, idsOf(4, 2))],
    ["restore", (query) => restoreCodes(query, of, idsOf(8))],
  ])("%s by the primary key, and look at nothing else", async (_what, work) => {
    const { statements, read, whole, pairs } = await explain(work);
    expect([statements, whole]).toEqual([1, 0]);
    // The rows as they were, as they are locked and as they are written.
    expect(read).toBeLessThanOrEqual(4 * SLICE);
    expect(pairs).toBeLessThanOrEqual(4 * SLICE);
  });
});
