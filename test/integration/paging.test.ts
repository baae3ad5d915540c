import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryRedis } from "../../bin/local/memory-redis/index.ts";
import { decodeCursor } from "../../core/code/cursor.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import type { ListQuery } from "../../functions/list/schema.ts";
import { listPage } from "../../functions/list/use-case.ts";
import { readEnv } from "../../functions/runtime/env.ts";
import { type Services, servicesFrom } from "../../functions/runtime/services.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { listedCodes } from "../support/listed-codes.ts";
import { recordLog } from "../support/log-recorder.ts";

let database: TestDatabase;
let services: Services;
beforeAll(async () => {
  database = await testDatabase();
  services = await servicesFrom(readEnv(["redis"]), {
    redis: memoryRedis(),
    db: postgresDb(database.url, { poolSize: 2, timeoutMs: 10_000 }),
    log: recordLog(),
  });
});
afterAll(async () => {
  await services.close();
  await database.drop();
});

interface Row {
  id: string;
  /** Few different ones, so that many codes are created in the same millisecond. */
  createdAt: number;
  tags: string[];
  status: "active" | "paused";
  name: string | null;
}

const row = fc.record<Row>({
  // Letters of both cases, digits and signs: a locale orders them otherwise than their bytes.
  id: fc.stringMatching(/^[aAbBzZ09_-]{4}$/),
  createdAt: fc.integer({ min: 0, max: 3 }),
  tags: fc.subarray(["poster", "flyer"]),
  status: fc.constantFrom("active", "paused"),
  name: fc.constantFrom(null, "Summer sale", "SUMMER", "Winter"),
});

/** What happens between two pages: rows come, and some of those that are there go (by their place). */
const change = fc.record({
  added: fc.array(row, { maxLength: 4 }),
  deleted: fc.array(fc.nat({ max: 60 }), { maxLength: 3 }),
  pageSize: fc.integer({ min: 1, max: 7 }),
});

const filter = fc.record(
  {
    tag: fc.constantFrom("poster", "flyer"),
    status: fc.constantFrom<("active" | "paused")[]>("active", "paused"),
    q: fc.constantFrom("summer", "winter"),
  },
  { requiredKeys: [] },
);

const matches = ({ tag, status, q }: ListQuery, found: Row): boolean =>
  (tag === undefined || found.tags.includes(tag)) &&
  (status === undefined || found.status === status) &&
  (q === undefined || (found.name?.toLowerCase().includes(q) ?? false));

/** Newest first; of those created together the greater ID first, by bytes. */
const newestFirst = (a: Row, b: Row) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);

describe("paging through a list while codes come and go", () => {
  it("shows each code that is there all the time exactly once, none twice, newest first", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(row, { maxLength: 40, selector: ({ id }) => id }),
        fc.array(change, { minLength: 1, maxLength: 12 }),
        filter,
        async (initial, changes, query) => {
          const tenantId = `tenant-${++run}`;
          const rows = new Map<string, Row>();
          const gone = new Set<string>();

          async function add(added: Row[]): Promise<void> {
            const fresh = added.filter(({ id }) => !rows.has(id));
            for (const one of fresh) rows.set(one.id, one);
            const unique = fresh.filter((one) => rows.get(one.id) === one);
            await services.db.write(INSERT, [tenantId, JSON.stringify(unique)]);
          }

          async function remove(places: number[]): Promise<void> {
            const ids = [...rows.keys()].filter((_, place) => places.includes(place));
            for (const id of ids) gone.add(id);
            await services.db.write(DELETE, [ids.map((id) => `${tenantId}_${id}`)]);
          }

          await add(initial);
          const seen: Row[] = [];
          let cursor: string | null = null;
          for (let page = 0; page === 0 || cursor; page++) {
            // After the last change the rest is read, page by page.
            const { added, deleted, pageSize } = changes[page] ?? { added: [], deleted: [], pageSize: 5 };
            const after = cursor === null ? undefined : decodeCursor(cursor);
            const asked = { ...query, limit: pageSize, ...(after && { cursor: after }) };
            const listed = await listPage(services, tenantId, asked);
            const { nextCursor, cached } = listed;
            const codes = listedCodes(listed);
            expect(cached).toBe(false);
            expect(codes.length).toBeLessThanOrEqual(pageSize);
            if (nextCursor) expect(codes).toHaveLength(pageSize);
            for (const { code } of codes) {
              const found = rows.get(code.qrId.slice(tenantId.length + 1)) ?? expect.unreachable(code.qrId);
              expect(gone.has(found.id)).toBe(false);
              seen.push(found);
            }
            cursor = nextCursor;
            await add(added);
            await remove(deleted);
          }

          const ids = seen.map(({ id }) => id);
          expect(new Set(ids).size).toBe(ids.length);
          expect(seen).toEqual([...seen].sort(newestFirst));
          expect(seen.filter((one) => !matches(query, one))).toEqual([]);
          const lasting = initial.filter((one) => !gone.has(one.id) && matches(query, one));
          expect(ids).toEqual(expect.arrayContaining(lasting.map(({ id }) => id)));
        },
      ),
      { numRuns: 150 },
    );
  });
});

const INSERT = `
  INSERT INTO qr_codes (qr_id, tenant_id, target_url, name, tags, status, created_at, updated_at)
  SELECT $1 || '_' || id, $1, 'https://example.com/', name, ARRAY(SELECT jsonb_array_elements_text(tags)), status,
    created, created
  FROM jsonb_to_recordset($2) AS new(id text, name text, tags jsonb, status text, "createdAt" integer),
    LATERAL (SELECT timestamptz '2030-01-01' + "createdAt" * interval '1 millisecond') AS at(created)`;

const DELETE = "UPDATE qr_codes SET deleted_at = now() WHERE qr_id = ANY ($1) AND deleted_at IS NULL";
