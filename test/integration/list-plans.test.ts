import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ListFilter, listQuery } from "../../data/postgres/list-query.ts";
import { listQuery as listParameters } from "../../functions/list/schema.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { nodesOf, type PlanNode, plansOf } from "../support/plan.ts";

/** As the service asks: a page of 100 and one more, to know whether there is a next one. */
const PAGE = 101;

/** So many codes a filter looks through before it tries anything else. */
const WINDOW = 2_000;

/** The codes of `big`; as many belong to others. */
const CODES = 100_000;

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await fillTable();
  // What autovacuum does within a minute: figures for the planner, and the search index's pending entries.
  await client.query("VACUUM ANALYZE qr_codes");
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** The indexes are made anew once the codes are there, which takes a fraction of the time. */
async function fillTable(): Promise<void> {
  const { rows } = await client.query(
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'qr_codes' AND indexname <> 'qr_codes_pkey'",
  );
  for (const { indexname } of rows) await client.query(`DROP INDEX ${indexname}`);
  await client.query(INSERT);
  await client.query("SET maintenance_work_mem = '256MB'");
  for (const { indexdef } of rows) await client.query(indexdef);
}

/**
 * The n-th code of all belongs to `big` if n is even. 10 codes are created in each second.
 * `other` has 20,000 codes, of which the oldest 10 are active; `cleared` had as many and deleted all but the oldest
 * 5; the remaining 60,000 belong to 600 small tenants.
 */
const INSERT = `
  INSERT INTO qr_codes (qr_id, tenant_id, target_url, name, tags, status, created_at, updated_at, deleted_at)
  SELECT 'code-' || n, tenant, 'https://' || CASE tenant WHEN 'big' THEN 'a.example/' ELSE 'elsewhere/' END || n,
    CASE WHEN tenant = 'big' AND n % 50000 = 0 THEN 'needle' WHEN n % 64 = 0 THEN 'poster, blue' ELSE 'poster' END,
    CASE WHEN tenant <> 'big' THEN '{foreign}'
      WHEN n % 40000 = 0 THEN '{common,rare}'
      WHEN n <= 6000 THEN '{common,old}'
      WHEN n > 199900 OR n IN (7002, 7004) THEN '{common,new}'
      ELSE ARRAY['common', 't' || n % 100] END,
    CASE WHEN tenant = 'other' AND n > 100 THEN 'paused' WHEN n % 20000 = 0 THEN 'paused' ELSE 'active' END,
    created, created, CASE WHEN tenant = 'cleared' AND n > 50 THEN created END
  FROM generate_series(1, ${2 * CODES}) AS n,
    LATERAL (SELECT timestamptz '2030-01-01' + n / 10 * interval '1 second' AS created,
      CASE WHEN n % 2 = 0 THEN 'big' WHEN n % 10 = 1 THEN 'other' WHEN n % 10 = 3 THEN 'cleared'
        ELSE 'small-' || n % 2000 END AS tenant) AS drawn`;

const rowsOf = (node: PlanNode) => node["Actual Rows"] * node["Actual Loops"];

/** What the list's statement did, planned and run in each way that the service may have it. */
async function explain(tenant: string, filter: Omit<ListFilter, "limit">) {
  const { sql, values } = listQuery(tenant, { limit: PAGE, ...filter });
  return (await plansOf(client, sql, values)).map(figuresOf);
}

function figuresOf(root: PlanNode) {
  const nodes = nodesOf(root);
  const scans = nodes.filter((node) => node["Relation Name"] === "qr_codes");
  return {
    kinds: new Set(scans.map((node) => node["Node Type"])),
    returned: rowsOf(root),
    /** Rows of the table that were looked at. */
    read: scans.reduce(
      (sum, node) =>
        sum +
        rowsOf(node) +
        ((node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0)) *
          node["Actual Loops"],
      0,
    ),
    /** The most rows that any sort was given. */
    sorted: Math.max(
      0,
      ...nodes.filter((node) => node["Node Type"] === "Sort").map((node) => rowsOf(node.Plans?.[0] ?? node)),
    ),
    /** Pages of 8 kB that were looked at, in tables and indexes. */
    pages: root["Shared Hit Blocks"] + root["Shared Read Blocks"],
  };
}

/** The IDs of a page, by the plainest statement that says what a list is. */
async function reference(tenant: string, filter: Omit<ListFilter, "limit">): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT qr_id FROM qr_codes
     WHERE tenant_id = $1 AND deleted_at IS NULL AND ($2::text IS NULL OR status = $2)
       AND ($3::text IS NULL OR $3 = ANY (tags)) AND ($4::text IS NULL OR strpos(lower(search), lower($4)) > 0)
       AND ($5::timestamptz IS NULL OR created_at < $5 OR created_at = $5 AND qr_id < $6)
     ORDER BY created_at DESC, qr_id DESC LIMIT ${PAGE}`,
    [tenant, filter.status, filter.tag, filter.search, filter.after?.createdAt, filter.after?.qrId],
  );
  return rows.map(({ qr_id }) => qr_id);
}

/** A place in the middle of what is created together, with 36,000 codes behind it in `big`. */
const after = { createdAt: "2030-01-01T02:00:00.000Z", qrId: "code-72004" };

interface Expectation {
  filter: Omit<ListFilter, "limit">;
  tenant?: string;
  /** Codes on the page. */
  returned: number;
  /** Most rows that may be looked at. */
  read: number;
  /** Most rows that may be sorted; a page is, if it comes from the search index. */
  sorted: number;
  /** Most pages that may be looked at, the 200 for the scans of a full page among them, or 500 with those of a day. */
  pages: number;
}

/** Tombstones and rows of another status may lie between, but few. */
const IN_ORDER = { read: PAGE + 20, sorted: 0, pages: 500 };
/** A full page that was found among the next codes; a few that don't match lie between. */
const NEXT = { returned: PAGE, read: PAGE + 20, sorted: PAGE, pages: 500 };
/**
 * Found by its own index: after the next codes were looked through, counted, and looked through again for a word that
 * they lack.
 */
const rare = (matches: number, pages = 1_000) => ({
  returned: Math.min(matches, PAGE),
  read: 3 * WINDOW + matches + 10,
  sorted: matches,
  pages,
});
/** The 100 codes of a small tenant are looked through and counted, and no index of all tenants is asked. */
const SMALL = { read: 200, sorted: PAGE, pages: 500 };
/** A full page of one code in so many, found as far on as those among the next codes let expect. */
const further = (oneIn: number) => ({
  returned: PAGE,
  read: 2 * WINDOW + 1.5 * PAGE * oneIn + 10,
  sorted: PAGE,
  pages: 1_500,
});

describe("a list of 100,000 codes", () => {
  it.each<[string, Expectation]>([
    ["the newest", { filter: {}, returned: PAGE, ...IN_ORDER }],
    [
      "the newest, with the scans of a day",
      { filter: { date: "2030-01-01" }, returned: PAGE, ...IN_ORDER, pages: 800 },
    ],
    [
      "a rare text, with the scans of a day",
      { filter: { search: "Needle", date: "2030-01-01" }, ...rare(4) },
    ],
    [
      "the newest of a small tenant",
      { filter: {}, tenant: "small-5", returned: 100, ...IN_ORDER, sorted: 100 },
    ],
    ["the newest of a tenant without codes", { filter: {}, tenant: "nobody", returned: 0, ...IN_ORDER }],
    ["what is left of deleted codes", { filter: {}, tenant: "cleared", returned: 5, ...IN_ORDER, sorted: 5 }],
    ["a page deep in the list", { filter: { after }, returned: PAGE, ...IN_ORDER }],
    ["a status that is common", { filter: { status: "active" }, returned: PAGE, ...IN_ORDER }],
    ["a status that is rare", { filter: { status: "paused" }, returned: 10, ...IN_ORDER, sorted: 10 }],
    [
      "a status that is rare, deep in the list",
      { filter: { status: "paused", after }, returned: 3, ...IN_ORDER, sorted: 3 },
    ],
    [
      "a status that is rare here and common elsewhere",
      { filter: { status: "active" }, tenant: "other", returned: 10, ...IN_ORDER, sorted: 10 },
    ],
    ["a common tag", { filter: { tag: "common" }, ...NEXT }],
    ["a common tag, deep in the list", { filter: { tag: "common", after }, ...NEXT }],
    ["a rare tag", { filter: { tag: "rare" }, ...rare(5) }],
    ["a rare tag, deep in the list", { filter: { tag: "rare", after }, ...rare(5), returned: 1 }],
    ["a tag of one code in fifty", { filter: { tag: "t10" }, ...further(50) }],
    ["a tag of the oldest codes only", { filter: { tag: "old" }, ...rare(3_000) }],
    ["a tag of the newest codes and few old ones", { filter: { tag: "new" }, ...further(100), returned: 51 }],
    ["a tag that nothing has", { filter: { tag: "absent" }, ...rare(0) }],
    ["a tag that others have", { filter: { tag: "foreign" }, ...rare(0) }],
    ["a common text", { filter: { search: "poster" }, ...NEXT }],
    ["a common text, deep in the list", { filter: { search: "POSTER", after }, ...NEXT }],
    ["a rare text", { filter: { search: "Needle" }, ...rare(4) }],
    ["a text of one code in 32", { filter: { search: "ter, Blue" }, ...further(32) }],
    ["a text that nothing holds", { filter: { search: "no such text" }, ...rare(0) }],
    ["a text that others hold", { filter: { search: "elsewhere" }, ...rare(0) }],
    ["a rare word behind common ones", { filter: { search: "a.example/123456" }, ...rare(1, 350) }],
    ["the end of an ID", { filter: { search: "e-123456" }, ...rare(1) }],
    ["a text that could be a pattern", { filter: { search: "%_z" }, ...rare(0) }],
    ["a text of one letter and signs", { filter: { search: "://f" }, ...rare(0) }],
    ["a text of two letters and a sign", { filter: { search: "xy/" }, ...rare(0) }],
    ["a common tag and a rare text", { filter: { tag: "common", search: "needle" }, ...rare(4) }],
    ["a rare tag and a common text", { filter: { tag: "rare", search: "poster" }, ...rare(5), returned: 4 }],
    [
      "a common text and a tag that others have",
      { filter: { tag: "foreign", search: "poster", after }, ...rare(0) },
    ],
    [
      "all filters, common",
      { filter: { tag: "common", search: "poster", status: "active", after }, ...NEXT },
    ],
    [
      "all filters, one of them rare",
      { filter: { tag: "common", search: "poster", status: "paused" }, ...rare(10), returned: 8 },
    ],
    [
      "a rare tag in a status that its codes don't have",
      { filter: { tag: "rare", status: "active" }, ...rare(5), returned: 0 },
    ],
    [
      "a common tag of a small tenant",
      { filter: { tag: "foreign" }, tenant: "small-5", ...SMALL, returned: 100 },
    ],
    [
      "a rare text of a small tenant",
      { filter: { search: "elsewhere/10005" }, tenant: "small-5", ...SMALL, returned: 1 },
    ],
    [
      "a tag that a small tenant lacks",
      { filter: { tag: "common" }, tenant: "small-5", ...SMALL, returned: 0 },
    ],
  ])("%s: one indexed statement that reads little and gives the right page", async (_what, expected) => {
    const { filter, tenant = "big", returned, read, sorted, pages } = expected;
    for (const plan of await explain(tenant, filter)) {
      expect(plan.kinds).not.toContain("Seq Scan");
      expect(plan.returned).toBe(returned);
      expect(plan.read).toBeLessThanOrEqual(read);
      expect(plan.sorted).toBeLessThanOrEqual(sorted);
      expect(plan.pages).toBeLessThanOrEqual(pages);
    }

    const { sql, values } = listQuery(tenant, { limit: PAGE, ...filter });
    const { rows } = await client.query(sql, values);
    expect(rows.map(({ qr_id }) => qr_id)).toEqual(await reference(tenant, filter));
  });
});

describe("a search", () => {
  it.each(["://", "...", "a:/", "%_%", "é--", "🎈🎈🎈"])(
    "for %s is refused, since the index holds nothing of it and every code would be read",
    (q) => {
      const { error } = listParameters.safeParse({ q });
      expect(error?.issues).toMatchObject([
        { path: ["q"], message: expect.stringContaining("a letter or a digit") },
      ]);
    },
  );

  it.each([
    "abc",
    "ab/",
    "/ab",
    "a-b",
    "://f",
    "..7",
    "été",
    "東京駅",
    "e-123456",
    "東京",
    "茶",
    "ラ。",
    "가 ",
  ])("for %s is answered", (q) => {
    expect(listParameters.safeParse({ q }).data).toEqual({ q });
  });
});
