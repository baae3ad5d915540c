import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import pg from "pg";

/*
 * The application's roles: which one a function signs in as, and what it may do. Whatever is not granted here is
 * reserved for the owner, which runs the migrations.
 */

/** A privilege on a table, of all columns unless some are named. */
type Privilege = "SELECT" | "INSERT" | "UPDATE" | "DELETE" | `${"SELECT" | "UPDATE"} (${string})`;

interface Role {
  tables: Record<string, readonly Privilege[]>;
  functions?: readonly string[];
}

export const ROLES = {
  /** Public routes. Anybody reaches them, so that they change no code, and write nothing but events. */
  qr_scan: {
    tables: {
      qr_codes: ["SELECT"],
      scan_totals: ["SELECT"],
      // What public pictures are drawn of.
      tenant_styles: ["SELECT"],
      logos: ["SELECT"],
      // `ON CONFLICT (event_id)` reads it.
      event_outbox: ["INSERT", "SELECT (event_id)"],
    },
  },
  /** Routes with a scope: a tenant's own codes, and the figures. */
  qr_manage: {
    tables: {
      qr_codes: ["SELECT", "INSERT", "UPDATE"],
      idempotency_keys: ["SELECT", "INSERT", "UPDATE"],
      api_keys: ["SELECT", "INSERT", "UPDATE (last_used_at, revoked_at)"],
      pending_invalidations: ["SELECT", "INSERT", "DELETE"],
      event_outbox: ["INSERT"],
      code_history: ["SELECT", "INSERT"],
      tenant_styles: ["SELECT", "INSERT", "UPDATE"],
      logos: ["SELECT", "INSERT", "UPDATE", "DELETE"],
      scan_totals: ["SELECT"],
      scan_days: ["SELECT"],
      scan_dimensions: ["SELECT"],
      scan_quarters: ["SELECT"],
      scan_events: ["SELECT"],
      tenant_totals: ["SELECT"],
      tenant_days: ["SELECT"],
      tenant_dimensions: ["SELECT"],
      tenant_quarters: ["SELECT"],
      code_ranks: ["SELECT"],
      unscanned_codes: ["SELECT"],
    },
  },
  /** The relay and the consumer: from the outbox to the history. What rolls scans up has the owner's rights. */
  qr_pipeline: {
    tables: {
      // Housekeeping brings the texts that older code stored into normalisation form C.
      qr_codes: ["SELECT", "UPDATE (name, tags, version)"],
      idempotency_keys: ["SELECT", "DELETE"],
      pending_invalidations: ["SELECT", "INSERT", "DELETE"],
      pending_counters: ["SELECT", "INSERT", "UPDATE", "DELETE"],
      event_outbox: ["SELECT", "INSERT", "DELETE"],
      dead_letters: ["INSERT"],
      scan_events: ["SELECT", "INSERT"],
      scan_visitors: ["SELECT", "INSERT"],
      scan_totals: ["SELECT", "INSERT", "UPDATE"],
      scan_days: ["SELECT", "INSERT", "UPDATE"],
      scan_dimensions: ["SELECT", "INSERT", "UPDATE"],
    },
    functions: [
      "create_scan_partition(text, text, text, text)",
      "drop_scan_partition(text)",
      "create_history_partition(text, text, text)",
      "drop_history_partition(text)",
    ],
  },
} as const satisfies Record<string, Role>;

export type RoleName = keyof typeof ROLES;

/**
 * Creates missing roles and grants each exactly what its line says, in one transaction. Call after the migrations, as
 * the role that ran them. A role without a password can't sign in.
 *
 * @param passwords of the roles that may sign in
 */
export async function applyRoles(
  database: string | pg.ClientConfig,
  passwords: Partial<Record<RoleName, string>>,
): Promise<void> {
  const client = new pg.Client(database);
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock(hashtext('application roles'))");
    for (const [name, role] of Object.entries(ROLES) as [RoleName, Role][]) {
      for (const statement of [create(name), ...grants(name, role)]) await client.query(statement);
      const password = passwords[name];
      if (password !== undefined)
        await client.query(`ALTER ROLE ${name} LOGIN PASSWORD '${scramVerifier(password)}'`);
    }
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
}

/** Roles belong to the server: another of its databases may be making the same ones. */
function create(name: string): string {
  return `DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${name}') THEN CREATE ROLE ${name} NOLOGIN; END IF;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END $$`;
}

function grants(name: string, { tables, functions = [] }: Role): string[] {
  return [
    `REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${name}`,
    `REVOKE ALL ON ALL ROUTINES IN SCHEMA public FROM ${name}`,
    `GRANT USAGE ON SCHEMA public TO ${name}`,
    ...Object.entries(tables).map(
      ([table, privileges]) => `GRANT ${privileges.join(", ")} ON ${table} TO ${name}`,
    ),
    ...functions.map((signature) => `GRANT EXECUTE ON FUNCTION ${signature} TO ${name}`),
  ];
}

const ITERATIONS = 4_096;

/**
 * What Postgres stores of a password: no statement, and so no log of the server, holds the password itself.
 * https://www.postgresql.org/docs/current/catalog-pg-authid.html, https://www.rfc-editor.org/rfc/rfc5803
 *
 * @param password ASCII, which SASLprep leaves as it is
 */
function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, "sha256");
  const hmac = (text: string) => createHmac("sha256", salted).update(text).digest();
  const storedKey = createHash("sha256").update(hmac("Client Key")).digest("base64");
  const serverKey = hmac("Server Key").toString("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
