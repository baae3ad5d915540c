import pg from "pg";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeadLetter } from "../../data/postgres/dead-letters.ts";
import { maintainPartitions } from "../../data/postgres/partitions.ts";
import { applyRoles, ROLES, type RoleName } from "../../data/postgres/roles.ts";
import { persistBatch } from "../../data/postgres/scan-events.ts";
import { spill } from "../../data/spill.ts";
import type { ApplicationRole } from "../../functions/manifest.ts";
import { directPublisher } from "../../functions/relay/direct-publisher.ts";
import { housekeep } from "../../functions/relay/housekeep.ts";
import { runRelay } from "../../functions/relay/relay.ts";
import type { Services } from "../../functions/runtime/services.ts";
import { adminSql } from "../support/admin-sql.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { lacks } from "../support/requirements.ts";
import { handlersByRole, servicesAs, urlAs } from "../support/role-services.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { PHONE } from "../support/user-agents.ts";

const NAMES = Object.keys(ROLES) as RoleName[] satisfies ApplicationRole[];
const REFUSED = "42501";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** The SQLSTATE that a statement fails with for a role; none if it may. */
async function refusal(role: RoleName, statement: string): Promise<string | undefined> {
  try {
    await adminSql(urlAs(role, database.url), statement);
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("a role of the application", () => {
  it.each(NAMES)("%s has the privileges of its line, and no other on any table", async (role) => {
    const expected = Object.entries<readonly string[]>(ROLES[role].tables).flatMap(([table, privileges]) =>
      privileges.filter((each) => !each.includes("(")).map((privilege) => `${privilege} ${table}`),
    );
    const found = await database.sql<{ found: string }>(
      `SELECT privilege || ' ' || relname AS found FROM pg_class,
         unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) AS privilege
       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
         AND has_table_privilege('${role}', oid, privilege)`,
    );
    expect(found.map((row) => row.found).sort()).toEqual(expected.sort());
  });

  it.each(NAMES)("%s owns nothing, may make nothing, and is no superuser", async (role) => {
    expect(await refusal(role, "CREATE TABLE mine ()")).toBe(REFUSED);
    expect(await refusal(role, "ALTER TABLE qr_codes DISABLE TRIGGER ALL")).toBe(REFUSED);
    expect(await refusal(role, "DROP TABLE dead_letters")).toBe(REFUSED);
    const [found] = await database.sql<{ rights: boolean[] }>(
      `SELECT ARRAY[rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls] AS rights
       FROM pg_roles WHERE rolname = '${role}'`,
    );
    expect(found?.rights).toEqual(Array(5).fill(false));
  });

  it("of the scan can't change a code, nor read who did what", async () => {
    for (const statement of [
      "UPDATE qr_codes SET target_url = 'https://evil.example/'",
      "INSERT INTO qr_codes (qr_id, tenant_id, target_url, created_at, updated_at) VALUES ('abc', 'a', 'b', now(), now())",
      "DELETE FROM qr_codes",
      "TRUNCATE qr_codes",
      "SELECT payload FROM event_outbox",
      "DELETE FROM event_outbox",
      "SELECT * FROM scan_events",
      "UPDATE scan_totals SET scans = 0",
      "SELECT * FROM idempotency_keys",
      "INSERT INTO pending_invalidations (tenant_id, qr_id, deleted) VALUES ('a', 'b', false)",
      "SELECT drop_scan_partition('scan_events_2026_01')",
      "SELECT * FROM code_history",
    ])
      expect([statement, await refusal("qr_scan", statement)]).toEqual([statement, REFUSED]);
    expect(await refusal("qr_scan", "SELECT target_url FROM qr_codes")).toBeUndefined();
  });

  it("of the management can't write history, and that of the pipeline no code", async () => {
    // Who changed what is added to, and never rewritten.
    expect(await refusal("qr_manage", "UPDATE code_history SET actor = '{}'")).toBe(REFUSED);
    expect(await refusal("qr_manage", "DELETE FROM code_history")).toBe(REFUSED);
    expect(await refusal("qr_pipeline", "INSERT INTO code_history SELECT * FROM code_history")).toBe(REFUSED);
    expect(await refusal("qr_manage", "UPDATE scan_totals SET scans = 0")).toBe(REFUSED);
    expect(await refusal("qr_manage", "DELETE FROM qr_codes")).toBe(REFUSED);
    expect(await refusal("qr_pipeline", "UPDATE qr_codes SET target_url = 'https://evil.example/'")).toBe(
      REFUSED,
    );
    expect(await refusal("qr_pipeline", "DELETE FROM scan_events")).toBe(REFUSED);
  });

  it("of the pipeline can drop no table but a month of scans", async () => {
    await database.sql("CREATE TABLE scan_events_2001_01 ()");
    for (const name of ["qr_codes", "scan_events", "scan_events_2001_01", "no_table", "qr_codes; --"])
      expect(await refusal("qr_pipeline", `SELECT drop_scan_partition('${name}')`)).toBe(REFUSED);
    for (const name of ["qr_codes", "code_history", "code_history_rest", "code_history_2001_01"])
      expect(await refusal("qr_pipeline", `SELECT drop_history_partition('${name}')`)).toBe(REFUSED);
    for (const name of ["qr_codes", "code_history_rest", "scan_events_2026_01"]) {
      const made = `SELECT create_history_partition('${name}', '2026-01-01', '2026-02-01')`;
      expect(await refusal("qr_pipeline", made)).toBe(REFUSED);
    }
    for (const [parent, name] of [
      ["qr_codes", "qr_codes_2026_01"],
      ["scan_events", "scan_visitors_2026_01"],
    ])
      expect(
        await refusal(
          "qr_pipeline",
          `SELECT create_scan_partition('${parent}', '${name}', '2026-01-01', '2026-02-01')`,
        ),
      ).toBe(REFUSED);
  });
});

describe("the roles", () => {
  it("sign in with the passwords that a migration gave them, of which the server's log sees none", async () => {
    const password = `password-${uuidv7()}`;
    await applyRoles(database.url, { qr_scan: password });
    const url = new URL(database.url);
    [url.username, url.password] = ["qr_scan", password];
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    const { rows } = await client.query("SELECT current_user AS name, session_user AS session");
    await client.end();
    expect(rows).toEqual([{ name: "qr_scan", session: "qr_scan" }]);
    const [stored] = await database.sql<{ verifier: string }>(
      "SELECT rolpassword AS verifier FROM pg_authid WHERE rolname = 'qr_scan'",
    );
    expect(stored?.verifier).toMatch(/^SCRAM-SHA-256\$4096:/);
    expect(stored?.verifier).not.toContain(password);
    await database.sql("ALTER ROLE qr_scan NOLOGIN PASSWORD NULL");
  });

  it("lose what is no longer in their line, and are given the same however often", async () => {
    await database.sql("GRANT UPDATE ON qr_codes TO qr_scan");
    await Promise.all([applyRoles(database.url, {}), applyRoles(database.url, {})]);
    expect(await refusal("qr_scan", "UPDATE qr_codes SET name = ''")).toBe(REFUSED);
    expect(await refusal("qr_scan", "SELECT name FROM qr_codes")).toBeUndefined();
  });
});

describe.skipIf(await lacks("redis-server"))("the pipeline, with the rights of its role", () => {
  let stack: TestStack;
  let services: Services;
  beforeAll(async () => {
    stack = await startTestStack({ startHandlers: handlersByRole });
    services = await servicesAs("qr_pipeline", { ...stack, redisUrl: stack.redisServer?.url });
  });
  afterAll(async () => {
    await services.close();
    await stack.close();
  });

  it("is tested as whom it says", async () => {
    expect(await services.db.read("SELECT current_user AS name", [])).toEqual([{ name: "qr_pipeline" }]);
  });

  it("makes and drops months", async () => {
    await maintainPartitions(services.db, Date.parse("2020-06-15T00:00:00.000Z"), 1);
    await maintainPartitions(services.db, Date.parse("2020-09-15T00:00:00.000Z"), 1);
    const months = await stack.database.sql<{ name: string }>(
      "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'scan_events'::regclass ORDER BY 1",
    );
    expect(months[0]?.name).toBe("scan_events_2020_08");
    await housekeep(services, { scans: 13, history: 25 });
  });

  it("brings scans and changes from both places to their rows, and stores what is none", async () => {
    const json = { qrId: "of-roles", targetUrl: "https://example.com/" };
    expect((await stack.call("/generate", { method: "POST", json })).status).toBe(201);
    const scan = () => stack.call("/scan/of-roles", { tenant: null, headers: { "user-agent": PHONE } });
    for (let scans = 0; scans < 3; scans++) expect((await scan()).status).toBe(302);
    expect(await spill(services.redis, services.db, 1)).toBe(2);
    await services.redis.command("XADD", "qr-service:outbox", "*", "foo", "bar");
    await stack.database.sql(
      `INSERT INTO event_outbox (event_id, type, occurred_at, tenant_id, qr_id, payload)
       VALUES ('${uuidv7()}', 'qr.scanned', now(), 'tenant_a', 'of-roles', '{}')`,
    );
    await stack.database.sql(
      `INSERT INTO pending_invalidations (tenant_id, qr_id, deleted, created_at)
       VALUES ('tenant_a', 'of-roles', false, now() - interval '1 minute')`,
    );
    const report = await runRelay(services, directPublisher(services), {
      outboxMaxLength: 1_000,
      idleMs: 0,
      signal: AbortSignal.timeout(20_000),
    });
    expect(report).toMatchObject({ published: 4, failures: 0, depth: 0, invalidations: 1 });
    const [stored] = await stack.database.sql(
      "SELECT (SELECT count(*)::int FROM scan_events) AS events, (SELECT count(*)::int FROM dead_letters) AS dead",
    );
    expect(stored).toEqual({ events: 3, dead: 2 });
    const stats = await stack.call("/qr/of-roles/stats");
    expect(await stats.json()).toMatchObject({ scans: 3, uniqueVisitors: 1 });
  });

  it("stores a batch of dead letters", async () => {
    const letter: DeadLetter = {
      ...{ topic: "t", partition: 0, offset: "1", reason: "test" },
      ...{ key: null, value: null },
    };
    expect(await persistBatch(services.db, [], [letter])).toEqual({ fresh: 0, counts: [] });
  });
});
