import { v7 as uuidv7 } from "uuid";
import type { Actor } from "../../core/actor.ts";
import { CODE_FIELDS } from "../../core/code/fields.ts";
import { FIELDS, SETTABLE_FIELDS, type SettableFields, type StoredCode } from "../../core/code/qr-code.ts";
import { Invalid, ServiceError } from "../../core/errors.ts";
import type { PictureStyle } from "../../core/picture/picture-style.ts";
import { ChangedMeanwhile } from "../changed-meanwhile.ts";
import { insertHistory } from "./code-history.ts";
import { CODE_COLUMNS, type CodeRow, codeOf } from "./code-row.ts";
import type { Query } from "./db.ts";
import { insertChangeEvent } from "./event-outbox.ts";
import { insertPendingInvalidation, type PendingChange } from "./pending-invalidations.ts";
import { persistedScans } from "./scan-rollups.ts";
import { tenantStyleOf } from "./tenant-styles.ts";

/** A change of some fields; what is absent or `undefined` stays as it is. */
export type FieldChanges = { [N in keyof SettableFields]?: SettableFields[N] | undefined };

/** Which code is changed, by whom and when. */
export interface ChangeOf {
  tenantId: string;
  qrId: string;
  actor: Actor;
  /** ISO 8601, milliseconds. */
  now: string;
}

/** The versions that the code may have, or any if there are none given. */
export type Expected = readonly number[] | undefined;

export interface MadeChange extends PendingChange {
  code: StoredCode;
  /** Scans that are persisted. */
  scans: number;
  /** The tenant's default style, by which its picture is drawn. */
  tenantStyle: PictureStyle | null;
}

/** The code as it became, or as it is if it was not changed. */
type ChangedRow = CodeRow & {
  scans: number;
  deleted_at: Date | null;
  pending_invalidation: number | null;
  tenant_style: PictureStyle | null;
};

/**
 * Inserts a code, in one statement with its event, its history and its pending invalidation. To be part of `commitChange`.
 *
 * @returns `undefined` if the ID was ever issued, to any tenant
 * @throws Invalid if the window ends before it starts
 */
export async function insertCode(
  query: Query,
  of: ChangeOf,
  fields: SettableFields,
): Promise<MadeChange | undefined> {
  const given = SETTABLE_FIELDS.map((name) => fields[name]);
  const values = [...commonValues(of), ...given];
  const change = `INSERT INTO qr_codes (qr_id, tenant_id, created_at, updated_at,
      ${SETTABLE_FIELDS.map((name) => CODE_FIELDS[name].column).join(", ")})
    VALUES ($1, $2, $3, $3, ${given.map((_, index) => `$${index + FIRST_OWN}`).join(", ")})
    ON CONFLICT (qr_id) DO NOTHING`;
  return made(await run(query, "created", undefined, change, values), "created");
}

/**
 * Changes the given fields of a tenant's code, as `insertCode` does it.
 *
 * @returns `undefined` if the tenant has no such code
 * @throws ChangedMeanwhile if it has none of the expected versions
 */
export async function updateCode(
  query: Query,
  of: ChangeOf,
  fields: FieldChanges,
  expected?: Expected,
): Promise<MadeChange | undefined> {
  const values = commonValues(of);
  const set = SETTABLE_FIELDS.filter((name) => fields[name] !== undefined).map(
    (name) => `${CODE_FIELDS[name].column} = $${values.push(fields[name])}`,
  );
  const change = update(["updated_at = $3", ...set], expected, values);
  return made(await run(query, "updated", LIVE, change, values), "updated");
}

/**
 * Deletes a tenant's code; its row stays as a tombstone.
 *
 * @returns `undefined` if the tenant has no such code
 * @throws ChangedMeanwhile if it has none of the expected versions
 */
export async function deleteCode(
  query: Query,
  of: ChangeOf,
  expected?: Expected,
): Promise<MadeChange | undefined> {
  const values = commonValues(of);
  const change = update(["deleted_at = $3"], expected, values);
  return made(await run(query, "deleted", LIVE, change, values), "deleted");
}

/**
 * Makes a tombstone the code that it was.
 *
 * @returns `undefined` if the tenant never had such a code
 * @throws ServiceError `conflict` if it is not deleted
 * @throws ChangedMeanwhile if its tombstone has none of the expected versions
 */
export async function restoreCode(
  query: Query,
  of: ChangeOf,
  expected?: Expected,
): Promise<MadeChange | undefined> {
  const values = commonValues(of);
  const set = ["deleted_at = NULL", "updated_at = $3"];
  const change = `${update(set, expected, values)} AND was.deleted_at IS NOT NULL`;
  const row = await run(query, "restored", EVER, change, values);
  if (row && row.pending_invalidation === null && row.deleted_at === null) {
    throw new ServiceError("conflict", `the code ${of.qrId} is not deleted`, {
      errors: [{ path: "qrId", message: "is not deleted" }],
    });
  }
  return made(row, "restored");
}

type Kind = "created" | "updated" | "deleted" | "restored";

/** The values that every change begins with: `$1` to `$5`. */
function commonValues({ qrId, tenantId, now, actor }: ChangeOf): unknown[] {
  return [qrId, tenantId, now, uuidv7(), JSON.stringify(actor)];
}

const FIRST_OWN = 6;

/** The row that is to be changed. Locked first, so that what it was is what the change is compared with. */
const EVER = "SELECT * FROM qr_codes WHERE qr_id = $1 AND tenant_id = $2";
const LIVE = `${EVER} AND deleted_at IS NULL`;

function update(set: string[], expected: Expected, values: unknown[]): string {
  const condition = expected === undefined ? "" : ` AND was.version = ANY ($${values.push(expected)}::int[])`;
  return `UPDATE qr_codes SET version = was.version + 1, ${set.join(", ")}
    FROM was WHERE qr_codes.qr_id = was.qr_id${condition}`;
}

const OWN_COLUMNS = FIELDS.map(([, { column }]) => `qr_codes.${column}`).join(", ");

/** Runs one change together with what must not be lost. */
async function run(
  query: Query,
  kind: Kind,
  was: string | undefined,
  change: string,
  values: unknown[],
): Promise<ChangedRow | undefined> {
  const deleted = kind === "deleted";
  const payload = deleted ? "'{}'::jsonb" : "jsonb_build_object('targetUrl', target_url, 'status', status)";
  const parts = { change: `'${kind}'`, id: "$4", changedAt: "$3", actor: "$5" };
  const columns = `${CODE_COLUMNS}, deleted_at`;
  const unchanged = `UNION ALL SELECT ${columns}, NULL FROM was WHERE NOT EXISTS (SELECT FROM changed)`;
  const sql = `WITH ${was ? `was AS MATERIALIZED (${was} FOR UPDATE),` : ""}
    changed AS (${change} RETURNING ${OWN_COLUMNS}, qr_codes.deleted_at),
    event AS (${insertChangeEvent("changed", `qr.${kind}`, { eventId: "$4", occurredAt: "$3", actor: "$5", payload })}),
    history AS (${insertHistory("changed", was && "was", parts)}),
    invalidation AS (${insertPendingInvalidation("changed", deleted)}),
    found AS (SELECT ${columns}, invalidation.id AS pending_invalidation FROM changed, invalidation
      ${was ? unchanged : ""})
    SELECT found.*, ${persistedScans("found")} AS scans, ${tenantStyleOf("found")} AS tenant_style FROM found`;
  try {
    const [row] = await query<ChangedRow>(sql, values);
    return row;
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== "window_order") throw error;
    throw new Invalid([{ path: "expiresAt", message: "must be after startsAt" }], { cause: error });
  }
}

/** @throws ChangedMeanwhile if the row is there and was not changed */
function made(row: ChangedRow | undefined, kind: Kind): MadeChange | undefined {
  if (!row) return undefined;
  const { scans, deleted_at, pending_invalidation: pendingInvalidation, tenant_style: tenantStyle } = row;
  const code = codeOf(row);
  const deleted = kind === "deleted";
  if (pendingInvalidation !== null) return { code, deleted, scans, pendingInvalidation, tenantStyle };
  throw new ChangedMeanwhile(code, scans, deleted_at?.toISOString() ?? null);
}
