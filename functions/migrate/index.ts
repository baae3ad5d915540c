import { insertCanary } from "../../data/postgres/canary-code.ts";
import { maintainHistory, maintainPartitions } from "../../data/postgres/partitions.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { applyRoles, type RoleName } from "../../data/postgres/roles.ts";
import { runMigrations } from "../../data/postgres/run-migrations.ts";
import { usesOf } from "../manifest.ts";
import { connectionOf } from "../runtime/connection.ts";
import { readEnv, required } from "../runtime/env.ts";
import { createLog } from "../runtime/log.ts";
import { readSecret } from "../runtime/secrets.ts";

const env = readEnv(usesOf("migrate"));
const log = createLog(required(env, "LOG_LEVEL"));

/** A migration may build an index over a large table. */
const TIMEOUT_MS = 280_000;

/** Brings schema and roles up to date, at deploy and before any function that relies on them changes. */
export async function handler(): Promise<void> {
  const connection = connectionOf(env);
  const ran = await runMigrations(connection);
  if (env.DATABASE_ROLE_SECRET_ARNS)
    await applyRoles(connection, await passwords(env.DATABASE_ROLE_SECRET_ARNS));
  const db = postgresDb(connection, { poolSize: 1, timeoutMs: TIMEOUT_MS });
  try {
    const now = Date.now();
    await maintainPartitions(db, now, Number(required(env, "RETENTION_MONTHS")));
    await maintainHistory(db, now, Number(required(env, "HISTORY_MONTHS")));
    await insertCanary(db);
  } finally {
    await db.close();
  }
  log.info("migrations ran", { ran });
}

/** By role: a secret says whose password it is. */
async function passwords(arns: string): Promise<Partial<Record<RoleName, string>>> {
  const secrets = await Promise.all(arns.split(",").map(readSecret));
  return Object.fromEntries(secrets.map(({ username, password }) => [username, password]));
}
