import type { Db, Row } from "./db.ts";

/** A code whose counters are to be raised. */
export interface PendingCounters {
  qrId: string;
  /** Another one each time that the code is stored. */
  id: number;
}

/** Codes whose counters one call raises, which Redis works at for some 3 ms. */
const MAX_AT_ONCE = 250;

/** Stores codes whose counters may be below the durable figures, each once, however often it is stored. */
export async function addPendingCounters(db: Db, qrIds: readonly string[]): Promise<void> {
  await db.read(
    `INSERT INTO pending_counters (qr_id) SELECT unnest($1::text[]) AS qr_id ORDER BY qr_id
     ON CONFLICT (qr_id) DO UPDATE SET id = DEFAULT`,
    [qrIds],
  );
}

/** Some of them. */
export async function findPendingCounters(db: Db): Promise<PendingCounters[]> {
  return db.read<Row & PendingCounters>(
    `SELECT qr_id AS "qrId", id FROM pending_counters ORDER BY qr_id LIMIT ${MAX_AT_ONCE}`,
    [],
  );
}

/** Deletes those whose counters are raised, unless they were stored again in the meantime. */
export async function removePendingCounters(db: Db, raised: readonly PendingCounters[]): Promise<void> {
  await db.write("DELETE FROM pending_counters WHERE id = ANY ($1)", [raised.map(({ id }) => id)]);
}
