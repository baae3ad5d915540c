import { triggers } from "../routes.ts";
import { readEnv, required } from "../shared/env.ts";
import { connectionOf } from "../shared/store/connection.ts";
import { maintainPartitions } from "../shared/store/partitions.ts";
import { postgresDb } from "../shared/store/postgres.ts";
import { createLog } from "../shared/telemetry/log.ts";
import { runMigrations } from "./run-migrations.ts";

const env = readEnv(triggers.find(({ name }) => name === "migrate")?.uses ?? []);
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
