import { HISTORY_TABLE } from "./code-history.ts";
import type { Db, Query, Row } from "./db.ts";
import { MONTHLY_TABLES } from "./scan-events.ts";

/** Months that are made ahead, so that no insert ever waits for one. */
const MONTHS_AHEAD = 2;

/**
 * The first instant that is kept, ISO 8601: the start of the month `retentionMonths` before the current one.
 *
 * @param now Unix ms
 */
export function oldestKept(now: number, retentionMonths: number): string {
  return monthStart(now, -retentionMonths);
}

/**
 * Makes the partitions of the months from the oldest that is kept to those ahead that are missing, and drops those
 * that are too old, which is instant however much they hold. One caller at a time works, the others wait.
 */
export async function maintainPartitions(db: Db, now: number, retentionMonths: number): Promise<void> {
  await db.transaction(async (query) => {
    await query("SELECT pg_advisory_xact_lock(hashtext('scan partitions'))", []);
    await maintain(query, MONTHLY_TABLES, now, retentionMonths, {
      create: (table, { name, first, next }) =>
        query("SELECT create_scan_partition($1, $2, $3, $4)", [table, name, first, next]),
      drop: (name) => query("SELECT drop_scan_partition($1)", [name]),
    });
  });
}

/** Likewise the months of the codes' history. Entries whose month was missing move to it when it is made. */
export async function maintainHistory(db: Db, now: number, historyMonths: number): Promise<void> {
  await db.transaction(async (query) => {
    await query("SELECT pg_advisory_xact_lock(hashtext('history partitions'))", []);
    await maintain(query, [HISTORY_TABLE], now, historyMonths, {
      create: (_table, { name, first, next }) =>
        query("SELECT create_history_partition($1, $2, $3)", [name, first, next]),
      drop: (name) => query("SELECT drop_history_partition($1)", [name]),
    });
  });
}

/** A partition, and the instants between which its rows lie, ISO 8601. */
interface Month {
  name: string;
  first: string;
  next: string;
}

async function maintain(
  query: Query,
  tables: string[],
  now: number,
  keptMonths: number,
  change: { create(table: string, month: Month): Promise<unknown>; drop(name: string): Promise<unknown> },
): Promise<void> {
  const existing = new Set(
    (
      await query<Row & { name: string }>(
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits
         WHERE inhparent::regclass::text = ANY ($1)`,
        [tables],
      )
    ).map(({ name }) => name),
  );
  for (const table of tables) {
    for (let month = -keptMonths; month <= MONTHS_AHEAD; month++) {
      const first = monthStart(now, month);
      const name = partitionName(table, first);
      if (existing.delete(name)) continue;
      await change.create(table, { name, first, next: monthStart(now, month + 1) });
    }
  }
  const oldest = oldestKept(now, keptMonths);
  for (const name of existing) {
    const table = tables.find((candidate) => name.startsWith(`${candidate}_`));
    if (table && name < partitionName(table, oldest)) await change.drop(name);
  }
}

/** The start of the UTC month that lies `offset` months from that of `now`. */
function monthStart(now: number, offset: number): string {
  const date = new Date(now);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1)).toISOString();
}

function partitionName(table: string, start: string): string {
  return `${table}_${start.slice(0, 4)}_${start.slice(5, 7)}`;
}
