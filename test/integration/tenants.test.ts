import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { listTenants } from "../../data/postgres/tenants.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

it("lists tenants that have a code, each once, in order, and no more than asked for", async () => {
  const db = postgresDb(database.url, { poolSize: 1, timeoutMs: 5_000 });
  expect(await listTenants(db, 5)).toEqual([]);
  await database.sql(
    `INSERT INTO qr_codes (qr_id, tenant_id, target_url, tags, status, created_at, updated_at, deleted_at)
     SELECT 'code-' || n, 'tenant_' || n % 3, 'https://example.com/', '{}', 'active', now(), now(),
       CASE WHEN n % 3 = 2 THEN now() END
     FROM generate_series(1, 30) n`,
  );
  expect(await listTenants(db, 5)).toEqual(["tenant_0", "tenant_1"]);
  expect(await listTenants(db, 1)).toEqual(["tenant_0"]);
  await db.close();
});
