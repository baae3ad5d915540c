import type { Db, Row } from "./db.ts";
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
    const existing = new Set(
      (
        await query<Row & { name: string }>(
          `SELECT inhrelid::regclass::text AS name FROM pg_inherits
           WHERE inhparent::regclass::text = ANY ($1)`,
          [MONTHLY_TABLES],
        )
      ).map(({ name }) => name),
    );
    for (const table of MONTHLY_TABLES) {
      for (let month = -retentionMonths; month <= MONTHS_AHEAD; month++) {
        const name = partitionName(table, monthStart(now, month));
        if (existing.delete(name)) continue;
        await query("SELECT create_scan_partition($1, $2, $3, $4)", [
          table,
          name,
          monthStart(now, month),
          monthStart(now, month + 1),
        ]);
      }
    }
    const oldest = oldestKept(now, retentionMonths);
    for (const name of existing) {
      const table = MONTHLY_TABLES.find((candidate) => name.startsWith(`${candidate}_`));
      if (table && name < partitionName(table, oldest)) await query("SELECT drop_scan_partition($1)", [name]);
    }
  });
}

/** The start of the UTC month that lies `offset` months from that of `now`. */
function monthStart(now: number, offset: number): string {
  const date = new Date(now);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1)).toISOString();
}

function partitionName(table: string, start: string): string {
  return `${table}_${start.slice(0, 4)}_${start.slice(5, 7)}`;
}
