import type { Log } from "../../core/telemetry/log.ts";
import { warnOncePerMinute } from "../../core/telemetry/repeated-warning.ts";
import type { Db } from "../../data/postgres/db.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { connectionOf } from "./connection.ts";
import { type Env, required } from "./env.ts";

/** The database that the environment names. Apart from the services, which load it, with its driver, at the first query. */
export function openPostgres(env: Env, log: Log): Db {
  return postgresDb(connectionOf(env), {
    poolSize: Number(required(env, "DATABASE_POOL_SIZE")),
    timeoutMs: Number(required(env, "DATABASE_TIMEOUT_MS")),
    onIdleError: (error) => warnOncePerMinute(log, "an idle database connection broke", error),
  });
}
