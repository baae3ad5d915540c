import { v7 as uuidv7 } from "uuid";
import { CODE_FIELDS } from "../../core/code/fields.ts";
import { SETTABLE_FIELDS, type SettableFields, type StoredCode } from "../../core/code/qr-code.ts";
import { Invalid } from "../../core/errors.ts";
import { CODE_COLUMNS, type CodeRow, codeOf } from "./code-row.ts";
import type { Query } from "./db.ts";
import { insertChangeEvent } from "./event-outbox.ts";
import { insertPendingInvalidation } from "./pending-invalidations.ts";
import { persistedScans } from "./scan-rollups.ts";

/** A change of some fields; what is absent or `undefined` stays as it is. */
export type FieldChanges = { [N in keyof SettableFields]?: SettableFields[N] | undefined };

/** A change that is made and not yet committed, and the row that stands for its invalidation until Redis has confirmed it. */
export interface MadeChange {
  code: StoredCode;
  deleted: boolean;
  /** Scans that are persisted. */
  scans: number;
  pendingInvalidation: number;
}

type ChangedRow = CodeRow & { scans: number; pending_invalidation: number };

/**
 * Inserts a code, in one statement with its event and its pending invalidation. To be part of `commitChange`.
 *
 * @param now ISO 8601, milliseconds
 * @returns `undefined` if the ID was ever issued, to any tenant
 * @throws Invalid if the window ends before it starts
 */
export async function insertCode(
  query: Query,
  identity: { tenantId: string; qrId: string },
  fields: SettableFields,
  now: string,
): Promise<MadeChange | undefined> {
  const given = SETTABLE_FIELDS.map((name) => fields[name]);
  const values = [identity.qrId, identity.tenantId, now, uuidv7(), ...given];
  const change = `INSERT INTO qr_codes (qr_id, tenant_id, created_at, updated_at,
      ${SETTABLE_FIELDS.map((name) => CODE_FIELDS[name].column).join(", ")})
    VALUES ($1, $2, $3, $3, ${given.map((_, index) => `$${index + 5}`).join(", ")})
    ON CONFLICT (qr_id) DO NOTHING`;
  return run(query, "qr.created", change, values);
}

/**
 * Changes the given fields of a tenant's code, as `insertCode` does it.
 *
 * @returns `undefined` if the tenant has no such code
 */
export async function updateCode(
  query: Query,
  identity: { tenantId: string; qrId: string },
  fields: FieldChanges,
  now: string,
): Promise<MadeChange | undefined> {
  const values: unknown[] = [identity.qrId, identity.tenantId, now, uuidv7()];
  const set = SETTABLE_FIELDS.filter((name) => fields[name] !== undefined).map(
    (name) => `${CODE_FIELDS[name].column} = $${values.push(fields[name])}`,
  );
  const change = `UPDATE qr_codes SET updated_at = $3, ${set.join(", ")}
    WHERE qr_id = $1 AND tenant_id = $2 AND deleted_at IS NULL`;
  return run(query, "qr.updated", change, values);
}

/** Deletes a tenant's code; its row stays as a tombstone. `undefined` if the tenant has no such code. */
export async function deleteCode(
  query: Query,
  identity: { tenantId: string; qrId: string },
  now: string,
): Promise<MadeChange | undefined> {
  const change = `UPDATE qr_codes SET deleted_at = $3
    WHERE qr_id = $1 AND tenant_id = $2 AND deleted_at IS NULL`;
  return run(query, "qr.deleted", change, [identity.qrId, identity.tenantId, now, uuidv7()]);
}

/** Runs one change whose values start with `qrId, tenantId, now, eventId`, together with what must not be lost. */
async function run(
  query: Query,
  type: "qr.created" | "qr.updated" | "qr.deleted",
  change: string,
  values: unknown[],
): Promise<MadeChange | undefined> {
  const deleted = type === "qr.deleted";
  const payload = deleted ? "'{}'::jsonb" : "jsonb_build_object('targetUrl', target_url, 'status', status)";
  const sql = `WITH changed AS (${change} RETURNING ${CODE_COLUMNS}),
    event AS (${insertChangeEvent("changed", type, { eventId: "$4", occurredAt: "$3", payload })}),
    invalidation AS (${insertPendingInvalidation("changed", deleted)})
    SELECT changed.*, invalidation.id AS pending_invalidation, ${persistedScans("changed")} AS scans
    FROM changed, invalidation`;
  try {
    const [row] = await query<ChangedRow>(sql, values);
    return (
      row && { code: codeOf(row), deleted, scans: row.scans, pendingInvalidation: row.pending_invalidation }
    );
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== "window_order") throw error;
    throw new Invalid([{ path: "expiresAt", message: "must be after startsAt" }], { cause: error });
  }
}
