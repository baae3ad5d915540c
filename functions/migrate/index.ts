import { maintainPartitions } from "../../data/postgres/partitions.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { runMigrations } from "../../data/postgres/run-migrations.ts";
import { usesOf } from "../manifest.ts";
import { connectionOf } from "../runtime/connection.ts";
import { readEnv, required } from "../runtime/env.ts";
import { createLog } from "../runtime/log.ts";

const env = readEnv(usesOf("migrate"));
const log = createLog(required(env, "LOG_LEVEL"));

/** A migration may build an index over a large table. */
const TIMEOUT_MS = 280_000;

/** Brings the schema up to date, at deploy and before any function that relies on it changes. */
export async function handler(): Promise<void> {
  const connection = connectionOf(env);
  const ran = await runMigrations(connection);
  const db = postgresDb(connection, { poolSize: 1, timeoutMs: TIMEOUT_MS });
  try {
    await maintainPartitions(db, Date.now(), Number(required(env, "RETENTION_MONTHS")));
  } finally {
    await db.close();
  }
  log.info("migrations ran", { ran });
}
