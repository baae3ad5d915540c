import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { FAST_SETTINGS, startPostgres } from "../../bin/local/postgres.ts";
import { applyRoles } from "../../data/postgres/roles.ts";
import { runMigrations } from "../../data/postgres/run-migrations.ts";
import { createDatabase } from "./admin-sql.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Superuser's URL of the run's Postgres. */
    postgresUrl: string;
    /** A migrated database without rows, to be copied. */
    templateDatabase: string;
    /** Where each process puts the lines of the service's log that it sees. */
    logFolder: string;
  }
}

/** One Postgres for the whole run, of which each suite copies a database of its own, and one log. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "qr-service-test-"));
  // Apart from the database's folder, which under root belongs to another user.
  const logFolder = await mkdtemp(join(tmpdir(), "qr-service-log-"));
  project.provide("logFolder", logFolder);
  const postgres = await startPostgres({ dataFolder: folder, settings: FAST_SETTINGS });
  const template = "template_qr";
  await createDatabase(postgres.url(), template);
  await runMigrations(postgres.url(template));
  await applyRoles(postgres.url(template), {});
  project.provide("postgresUrl", postgres.url());
  project.provide("templateDatabase", template);
  return async () => {
    await postgres.stop();
    for (const made of [folder, logFolder]) await rm(made, { recursive: true, force: true });
  };
}
