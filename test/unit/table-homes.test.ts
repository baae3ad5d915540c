import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/** The modules that may name a table in SQL. */
const HOMES: Record<string, string[]> = {
  qr_codes: [
    "change-statements",
    "change-many-codes",
    "code-history",
    "canary-code",
    "read-codes",
    "read-link",
    "read-pictured",
    "list-query",
    "normalize-texts",
    "scan-events",
    "tenant-codes",
    "tenants",
  ],
  code_history: ["code-history"],
  event_outbox: ["event-outbox"],
  pending_invalidations: ["pending-invalidations"],
  pending_counters: ["pending-counters"],
  idempotency_keys: ["idempotency-keys"],
  api_keys: ["api-keys"],
  dead_letters: ["dead-letters"],
  scan_events: ["scan-events", "read-scans"],
  scan_visitors: ["scan-events"],
  scan_totals: ["scan-rollups", "scan-history"],
  scan_days: ["scan-rollups", "scan-history", "tenant-codes"],
  scan_dimensions: ["scan-rollups", "scan-history"],
  // Written by the triggers of their migration.
  scan_quarters: ["scan-history"],
  tenant_totals: ["scan-history"],
  tenant_days: ["scan-history"],
  tenant_dimensions: ["scan-history"],
  tenant_quarters: ["scan-history"],
  tenant_visitors: [],
  code_ranks: ["tenant-codes"],
  unscanned_codes: ["tenant-codes"],
  tenant_styles: ["tenant-styles"],
  logos: ["logos"],
};

const sources = globSync("{bin,core,data,functions}/**/*.ts", { cwd: ROOT }).map((file) => ({
  file,
  text: readFileSync(join(ROOT, file), "utf8"),
}));

/** Where SQL names the table: behind the words that a table follows. */
const named = (table: string) =>
  sources.filter(({ text }) => new RegExp(`\\b(FROM|JOIN|INTO|UPDATE|TABLE)\\s+${table}\\b`).test(text));

it("every table of the migrations has a home", () => {
  const migrations = globSync("data/postgres/migrations/*.sql", { cwd: ROOT });
  const made = migrations.flatMap((file) =>
    [
      ...readFileSync(join(ROOT, file), "utf8").matchAll(
        /CREATE TABLE (?!IF NOT EXISTS %I)(\w+)\b(?! PARTITION OF)/g,
      ),
    ].map(([, table]) => table),
  );
  expect([...new Set(made)].sort()).toEqual(Object.keys(HOMES).sort());
});

it.each(Object.entries(HOMES))("the SQL of %s is in its home", (table, homes) => {
  expect(
    named(table)
      .map(({ file }) => basename(file, ".ts"))
      .sort(),
  ).toEqual([...homes].sort());
});

it("the commands of the stream are in its home", () => {
  const commands = /"X(ADD|DEL|LEN|RANGE|TRIM)", CacheKeys/;
  expect(sources.filter(({ text }) => commands.test(text)).map(({ file }) => file)).toEqual([
    "data/redis/outbox-stream.ts",
  ]);
});
