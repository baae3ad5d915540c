import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { runMigrations } from "../../data/postgres/run-migrations.ts";
import { adminSql, createDatabase, dropDatabase } from "../support/admin-sql.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

const files = await readdir(join(import.meta.dirname, "../../data/postgres/migrations"));
const ALL = files.map((name) => name.replace(/\.sql$/, "")).sort();

describe("the migrations", () => {
  const databases: string[] = [];
  afterEach(async () => {
    for (const name of databases.splice(0)) await dropDatabase(inject("postgresUrl"), name);
  });

  async function freshDatabase(): Promise<string> {
    const name = `migrations_${randomUUID()}`;
    await createDatabase(inject("postgresUrl"), name);
    databases.push(name);
    const url = new URL(inject("postgresUrl"));
    url.pathname = `/${name}`;
    return url.href;
  }

  const insertCode = (url: string) =>
    adminSql(
      url,
      "INSERT INTO qr_codes (qr_id, tenant_id, target_url, created_at, updated_at) VALUES ('abc', 't', 'x', now(), now())",
    );

  it("bring a fresh database up to date, in the order of their names", async () => {
    const url = await freshDatabase();
    expect(await runMigrations(url)).toEqual(ALL);
    await insertCode(url);
    const invalid = await adminSql(url, "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid");
    expect(invalid).toEqual([]);
  });

  it("change nothing when they run again", async () => {
    const url = await freshDatabase();
    await runMigrations(url);
    await insertCode(url);
    expect(await runMigrations(url)).toEqual([]);
    expect(await adminSql(url, "SELECT qr_id FROM qr_codes")).toEqual([{ qr_id: "abc" }]);
    expect(await adminSql(url, "SELECT name FROM migrations ORDER BY id")).toEqual(
      ALL.map((name) => ({ name })),
    );
  });

  it("run once when several callers start at the same time", async () => {
    const url = await freshDatabase();
    const ran = await Promise.all(Array.from({ length: 4 }, () => runMigrations(url)));
    expect(ran.filter((names) => names.length > 0)).toEqual([ALL]);
    expect(await adminSql(url, "SELECT name FROM migrations ORDER BY id")).toEqual(
      ALL.map((name) => ({ name })),
    );
  });
});

describe("the schema", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  let codes = 0;

  /** Inserts a code with these columns; gives what refused it, or `stored`. */
  async function insert(columns: Record<string, unknown>): Promise<string> {
    const row = {
      qr_id: `code-${++codes}`,
      tenant_id: "tenant_a",
      target_url: "https://example.com/",
      created_at: "2030-01-01T00:00:00Z",
      updated_at: "2030-01-01T00:00:00Z",
      ...columns,
    };
    const places = Object.keys(row).map((_, index) => `$${index + 1}`);
    try {
      await database.sql(`INSERT INTO qr_codes (${Object.keys(row)}) VALUES (${places})`, Object.values(row));
      return "stored";
    } catch (error) {
      const { constraint, column } = error as { constraint?: string; column?: string };
      return constraint ?? column ?? String(error);
    }
  }

  it.each(["abc", "A-Z_0-9", "x".repeat(64)])("takes the ID %s", async (qr_id) => {
    expect(await insert({ qr_id })).toBe("stored");
  });

  it.each(["", "ab", "x".repeat(65), "a:b", "a*b", "a b", "abc\n", "\nabc", "café", "a/b", "a.b"])(
    "refuses the ID %j",
    async (qr_id) => {
      expect(await insert({ qr_id })).toBe("qr_codes_qr_id_check");
    },
  );

  it.each(["t", "tenant_A-1", "x".repeat(64)])("takes the tenant %s", async (tenant_id) => {
    expect(await insert({ tenant_id })).toBe("stored");
  });

  it.each(["", "x".repeat(65), "a:b", "*", "a b", "a\n", "ä"])("refuses the tenant %j", async (tenant_id) => {
    expect(await insert({ tenant_id })).toBe("qr_codes_tenant_id_check");
  });

  it("issues an ID once, to one tenant, and not again after its deletion", async () => {
    expect(await insert({ qr_id: "taken" })).toBe("stored");
    expect(await insert({ qr_id: "taken", tenant_id: "tenant_b" })).toBe("qr_codes_pkey");
    await database.sql("UPDATE qr_codes SET deleted_at = now() WHERE qr_id = 'taken'");
    expect(await insert({ qr_id: "taken" })).toBe("qr_codes_pkey");
    expect(await insert({ qr_id: "TAKEN" })).toBe("stored");
  });

  it("takes a window that ends after it starts, and one that is open on a side", async () => {
    const [starts_at, expires_at] = ["2030-01-01T00:00:00.000Z", "2030-01-01T00:00:00.001Z"];
    expect(await insert({ starts_at, expires_at })).toBe("stored");
    expect(await insert({ starts_at })).toBe("stored");
    expect(await insert({ expires_at })).toBe("stored");
  });

  it.each(["2030-01-01T00:00:00.000Z", "2029-12-31T23:59:59.999Z"])(
    "refuses a window that ends at its start or before (%s)",
    async (expires_at) => {
      expect(await insert({ starts_at: "2030-01-01T00:00:00.000Z", expires_at })).toBe("window_order");
    },
  );

  it("refuses other statuses, a limit below 1 and a code without tenant, target or date", async () => {
    expect(await insert({ status: "deleted" })).toBe("qr_codes_status_check");
    expect(await insert({ max_scans: 0 })).toBe("qr_codes_max_scans_check");
    expect(await insert({ max_scans: 1 })).toBe("stored");
    for (const column of ["tenant_id", "target_url", "tags", "created_at", "updated_at"]) {
      expect(await insert({ [column]: null })).toBe(column);
    }
  });

  it("orders IDs by their bytes, whatever the server's locale", async () => {
    for (const qr_id of ["order-a", "order-B", "order-_", "order--", "order-1"]) {
      expect(await insert({ qr_id, tenant_id: "order" })).toBe("stored");
    }
    const rows = await database.sql("SELECT qr_id FROM qr_codes WHERE tenant_id = 'order' ORDER BY qr_id");
    expect(rows.map(({ qr_id }) => qr_id)).toEqual(["order--", "order-1", "order-B", "order-_", "order-a"]);
  });
});
