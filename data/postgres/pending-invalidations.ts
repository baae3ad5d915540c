import type { StoredCode } from "../../core/code/qr-code.ts";
import type { Db, Row } from "./db.ts";
import { prepared } from "./prepared.ts";

export interface PendingInvalidation {
  id: number;
  /** By this the change closed its keys: a replay takes it away. */
  mark: string;
  tenantId: string;
  qrId: string;
  deleted: boolean;
}

/** A change that is made and not yet committed, and the row that stands for its invalidation until Redis has confirmed it. */
export interface PendingChange {
  code: Pick<StoredCode, "tenantId" | "qrId">;
  deleted: boolean;
  pendingInvalidation: Pick<PendingInvalidation, "id" | "mark">;
}

/** In milliseconds. A process that is still at a change removes its own; only what is older is left behind. */
export const REPLAY_GRACE_MS = 1_000;

/** A call that replays them takes some 50 ms for so many. */
const MAX_AT_ONCE = 1_000;

/**
 * A statement that stores the invalidation of changed codes and returns their `id`s, to be part of the change's.
 *
 * @param changed the rows of `qr_codes` that changed
 * @param deleted whether they were deleted, or an SQL condition for it
 * @param returned what it returns of each
 * @param mark an SQL expression of a UUID, if the mark is not the ID
 */
export function insertPendingInvalidation(
  changed: string,
  deleted: boolean | string,
  returned = "id",
  mark = "NULL",
): string {
  return `INSERT INTO pending_invalidations (tenant_id, qr_id, deleted, mark)
      SELECT tenant_id, qr_id, ${deleted}, ${mark}::uuid FROM ${changed} RETURNING ${returned}`;
}

/** The row of a change. */
export function pendingOf({ code, deleted, pendingInvalidation }: PendingChange): PendingInvalidation {
  return { ...pendingInvalidation, tenantId: code.tenantId, qrId: code.qrId, deleted };
}

const REMOVE = prepared("DELETE FROM pending_invalidations WHERE id = ANY ($1)");

/** Called when Redis has confirmed that it forgot the old values. */
export async function removePendingInvalidations(db: Db, ids: readonly number[]): Promise<void> {
  await db.write(REMOVE, [ids]);
}

/** Unconfirmed invalidations, oldest first. */
export async function findPendingInvalidations(db: Db): Promise<PendingInvalidation[]> {
  return db.read<Row & PendingInvalidation>(
    `SELECT id, coalesce(mark::text, id::text) AS mark, tenant_id AS "tenantId", qr_id AS "qrId", deleted FROM pending_invalidations
     WHERE created_at < now() - interval '${REPLAY_GRACE_MS} ms' ORDER BY id LIMIT ${MAX_AT_ONCE}`,
    [],
  );
}
