import { Unavailable } from "../../core/errors.ts";
import type { Db } from "./db.ts";

/** Whether the database can be written, and in a few fixed words why not. */
export type Writability =
  | { state: "ok" }
  | { state: "read-only"; reason: string }
  /** It does not answer. */
  | { state: "failing" };

/**
 * Writes about 100 kB to a temporary file, which ends with the statement: it takes new blocks of the disk as a table
 * that grows does, and leaves neither dead rows nor a log record behind. `generate_series` spills its rows once they
 * exceed work_mem, which is read after its arguments.
 */
const PROBE = `
  SELECT current_setting('transaction_read_only') AS "readOnly", count(*)
  FROM generate_series(1, 5000 + 0 * length(set_config('work_mem', '64kB', true)))`;

/** SQLSTATE disk_full. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const DISK_FULL = "53100";

/** Asks in one statement whether the database answers and can be written. Never throws. */
export async function writability(db: Pick<Db, "read">): Promise<Writability> {
  try {
    const [row] = await db.read<{ readOnly: string }>(PROBE, []);
    if (row?.readOnly !== "on") return { state: "ok" };
    return {
      state: "read-only",
      reason: "the database takes no writes: it is a replica, or was set to read-only",
    };
  } catch (error) {
    const cause = error instanceof Unavailable ? error.cause : error;
    if ((cause as { code?: unknown } | undefined)?.code !== DISK_FULL) return { state: "failing" };
    return { state: "read-only", reason: "the database's disk is full" };
  }
}
