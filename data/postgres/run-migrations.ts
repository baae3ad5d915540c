import { join } from "node:path";
import { runner } from "node-pg-migrate";
import pg from "pg";
import { checkColumns } from "./check-columns.ts";

/**
 * Brings the schema up to date: all pending migrations in one transaction, under an advisory lock, so that of
 * several callers at a time one migrates and the others wait for it.
 *
 * @param folder where the SQL files are; beside this module unless bundled elsewhere
 * @returns the names of the migrations that ran
 * @throws Error if the schema then lacks a column for a field of a code
 */
export async function runMigrations(
  database: string | pg.ClientConfig,
  folder = join(import.meta.dirname, "migrations"),
): Promise<string[]> {
  // With a connection of its own the runner would not wait for it to close, and it could then break without a listener.
  const client = new pg.Client(database);
  client.on("error", () => {});
  try {
    await client.connect();
    // The server's own bounds are for requests. A migration may build an index over a large table.
    await client.query("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0");
    const migrations = await runner({
      dbClient: client,
      dir: folder,
      direction: "up",
      migrationsTable: "migrations",
      advisoryLockMode: "wait",
      log: () => {},
    });
    await checkColumns(client);
    return migrations.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
