import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import { adminSql, createDatabase, dropDatabase } from "./admin-sql.ts";

export interface TestDatabase {
  url: string;
  sql: <T extends Record<string, unknown>>(statement: string, values?: unknown[]) => Promise<T[]>;
  drop(): Promise<void>;
}

/** A migrated database of one's own, without rows. */
export async function testDatabase(): Promise<TestDatabase> {
  const admin = inject("postgresUrl");
  const name = `test_${randomUUID()}`;
  await createDatabase(admin, name, inject("templateDatabase"));
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    sql: (statement, values) => adminSql(url.href, statement, values),
    drop: () => dropDatabase(admin, name),
  };
}
