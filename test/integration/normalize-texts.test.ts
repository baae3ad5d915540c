import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { QrCode } from "../../core/code/qr-code.ts";
import { normalizeTexts } from "../../data/postgres/normalize-texts.ts";
import { replayInvalidations } from "../../data/replay-invalidations.ts";
import { housekeep } from "../../functions/relay/housekeep.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const COMPOSED = "Café";
const DECOMPOSED = "Cafe\u0301";
const CREATED = "2030-01-01T00:00:00.000Z";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());
beforeEach(() => stack.database.sql("TRUNCATE qr_codes, pending_invalidations"));

/** Stores codes as a version does that knows no normalisation. */
const store = (rows: { qrId: string; name: string | null; tags: string[]; deletedAt?: string }[]) =>
  stack.database.sql(
    `INSERT INTO qr_codes (qr_id, tenant_id, target_url, name, tags, created_at, updated_at, deleted_at)
     SELECT "qrId", 'tenant_a', 'https://example.com/' || "qrId", name, tags, $2, $2, "deletedAt"
     FROM jsonb_to_recordset($1::jsonb) AS r("qrId" text, name text, tags text[], "deletedAt" timestamptz)`,
    [JSON.stringify(rows), CREATED],
  );

const stored = () =>
  stack.database.sql<{ qr_id: string; name: string | null; tags: string[]; updated_at: Date }>(
    "SELECT qr_id, name, tags, updated_at FROM qr_codes ORDER BY qr_id",
  );
const pending = () =>
  stack.database.sql("SELECT tenant_id, qr_id, deleted FROM pending_invalidations ORDER BY qr_id");
const get = async (path: string) =>
  (await (await stack.call(path)).json()) as QrCode & { qrCodes: QrCode[]; cached: boolean };

it("brings into form what is not, and touches nothing else", async () => {
  await store([
    { qrId: "composed", name: COMPOSED, tags: [COMPOSED] },
    { qrId: "deleted", name: DECOMPOSED, tags: [], deletedAt: CREATED },
    { qrId: "name", name: DECOMPOSED, tags: ["b", "a"] },
    { qrId: "none", name: null, tags: [] },
    { qrId: "tags", name: null, tags: ["z", DECOMPOSED, "a", COMPOSED, `${DECOMPOSED} 2`] },
  ]);
  const versions = () =>
    stack.database.sql("SELECT ctid::text FROM qr_codes WHERE qr_id IN ('composed', 'none') ORDER BY qr_id");
  const before = await versions();
  expect(await normalizeTexts(stack.services.db, 5)).toBe(3);
  expect((await stored()).map(({ qr_id, name, tags }) => [qr_id, name, tags])).toEqual([
    ["composed", COMPOSED, [COMPOSED]],
    ["deleted", COMPOSED, []],
    ["name", COMPOSED, ["b", "a"]],
    ["none", null, []],
    ["tags", null, ["z", COMPOSED, "a", `${COMPOSED} 2`]],
  ]);
  expect(await versions()).toEqual(before);
  expect(await stack.database.sql("SELECT qr_id, version FROM qr_codes ORDER BY 1")).toEqual([
    ...[
      { qr_id: "composed", version: 1 },
      { qr_id: "deleted", version: 2 },
    ],
    ...[
      { qr_id: "name", version: 2 },
      { qr_id: "none", version: 1 },
    ],
    { qr_id: "tags", version: 2 },
  ]);
  expect((await stored()).every(({ updated_at }) => updated_at.toISOString() === CREATED)).toBe(true);
  expect(await pending()).toEqual([
    { tenant_id: "tenant_a", qr_id: "deleted", deleted: true },
    { tenant_id: "tenant_a", qr_id: "name", deleted: false },
    { tenant_id: "tenant_a", qr_id: "tags", deleted: false },
  ]);
  expect(await normalizeTexts(stack.services.db, 5)).toBe(0);
  expect(await pending()).toHaveLength(3);
});

it("is done by housekeeping, and what was cached before goes with the invalidations", async () => {
  await store([{ qrId: "old", name: DECOMPOSED, tags: [DECOMPOSED] }]);
  await get("/qr/old");
  await get("/qr");
  expect((await get(`/qr?tag=${COMPOSED}`)).qrCodes).toEqual([]);
  await housekeep(stack.services, { scans: 13, history: 25 });
  await stack.database.sql("UPDATE pending_invalidations SET created_at = now() - interval '1 minute'");
  expect(await replayInvalidations(stack.services)).toBe(1);
  for (const found of [await get("/qr/old"), (await get("/qr")).qrCodes[0]])
    expect(found).toMatchObject({ name: COMPOSED, tags: [COMPOSED] });
  for (const query of [`tag=${COMPOSED}`, `q=${DECOMPOSED}`])
    expect((await get(`/qr?${query}`)).qrCodes, query).toHaveLength(1);
});

it("works in batches, as many as it may, and leaves a code that is being changed", async () => {
  await store(
    Array.from({ length: 450 }, (_, n) => ({ qrId: `code-${n}`, name: `${DECOMPOSED} ${n}`, tags: [] })),
  );
  expect(await normalizeTexts(stack.services.db, 1)).toBe(200);
  await stack.services.db.transaction(async (query) => {
    const [open] = await query<{ qr_id: string }>(
      "SELECT qr_id FROM qr_codes WHERE NOT is_nfc(name, tags) LIMIT 1 FOR UPDATE",
      [],
    );
    expect(open).toBeDefined();
    expect(await normalizeTexts(stack.services.db, 5)).toBe(249);
  });
  expect(await normalizeTexts(stack.services.db, 5)).toBe(1);
});

it("finds them without reading the others", async () => {
  await stack.database.sql(
    `INSERT INTO qr_codes (qr_id, tenant_id, target_url, name, created_at, updated_at)
     SELECT 'code-' || n, 'tenant_a', 'https://example.com/', '${COMPOSED} ' || n, $1::timestamptz, $1::timestamptz
     FROM generate_series(1, 20000) AS n`,
    [CREATED],
  );
  await store([{ qrId: "old", name: DECOMPOSED, tags: [] }]);
  const statements: string[] = [];
  const { db } = stack.services;
  const write = async (sql: string) => {
    statements.push(sql);
    return [];
  };
  await normalizeTexts({ ...db, write }, 1);
  const plan = await stack.database.sql<{ "QUERY PLAN": string }>(`EXPLAIN ${statements[0]}`);
  const lines = plan.map((row) => row["QUERY PLAN"]).join("\n");
  expect(lines).toContain("qr_codes_not_nfc");
  expect(lines).not.toMatch(/Seq Scan on qr_codes/);
});
