import { CODE_FIELDS } from "../../core/code/fields.ts";
import { FIELDS, SETTABLE_FIELDS, type SettableFields } from "../../core/code/qr-code.ts";
import { asJson } from "./as-json.ts";
import { insertHistory } from "./code-history.ts";
import { CODE_COLUMNS } from "./code-row.ts";
import { insertChangeEvent } from "./event-outbox.ts";
import { insertPendingInvalidation } from "./pending-invalidations.ts";
import { prepared } from "./prepared.ts";
import { persistedScans } from "./scan-rollups.ts";
import { tenantStyleOf } from "./tenant-styles.ts";

/*
 * The statements that change one code, each with all that must not be lost: event, history and pending invalidation.
 *
 * $1 qr_id, $2 tenant_id, $3 the time, $4 ID of the event and the mark by which the keys are closed, $5 who changes it, in JSON; then the fields. Those that change a
 * row have before them $6: the versions that it may have, or NULL for any.
 *
 * Each returns the code as it became, or as it is if it was not changed; then `pending_invalidation` is NULL.
 */

export type ChangeKind = "created" | "updated" | "deleted" | "restored";

type FieldName = keyof SettableFields;

const columnOf = (name: FieldName) => CODE_FIELDS[name].column;

const OWN_COLUMNS = FIELDS.map(([, { column }]) => `qr_codes.${column}`).join(", ");

/** The row that is to be changed. Locked first, so that what it was is what the change is compared with. */
const EVER = "SELECT * FROM qr_codes WHERE qr_id = $1 AND tenant_id = $2";
const LIVE = `${EVER} AND deleted_at IS NULL`;

/** Which fields a change names is up to the clients: so many of the choices are prepared. */
const MAX_PREPARED_UPDATES = 32;

const preparedUpdates = new Map<string, string>();

/** Inserts a code with all its fields, unless the ID was ever issued. */
export const INSERT = prepared(
  withItsTraces(
    "created",
    undefined,
    `INSERT INTO qr_codes (qr_id, tenant_id, created_at, updated_at, ${SETTABLE_FIELDS.map(columnOf).join(", ")})
    VALUES ($1, $2, $3, $3, ${SETTABLE_FIELDS.map((_, index) => `$${index + 6}`).join(", ")})
    ON CONFLICT (qr_id) DO NOTHING`,
  ),
);

/** Makes a code a tombstone. */
export const DELETE = prepared(withItsTraces("deleted", LIVE, update(["deleted_at = $3"])));

/** Makes a tombstone the code that it was. */
export const RESTORE = prepared(
  withItsTraces(
    "restored",
    EVER,
    `${update(["deleted_at = NULL", "updated_at = $3"])} AND was.deleted_at IS NOT NULL`,
  ),
);

/** Changes these fields of a code. */
export function updateOf(names: readonly FieldName[]): string {
  const choice = names.join();
  const known = preparedUpdates.get(choice);
  if (known) return known;
  const set = names.map((name, index) => `${columnOf(name)} = $${index + 7}`);
  const statement = withItsTraces("updated", LIVE, update(["updated_at = $3", ...set]));
  if (preparedUpdates.size < MAX_PREPARED_UPDATES) preparedUpdates.set(choice, prepared(statement));
  return statement;
}

function update(set: string[]): string {
  return `UPDATE qr_codes SET version = was.version + 1, ${set.join(", ")} FROM was
    WHERE qr_codes.qr_id = was.qr_id AND ($6::int[] IS NULL OR was.version = ANY ($6))`;
}

function withItsTraces(kind: ChangeKind, was: string | undefined, change: string): string {
  const deleted = kind === "deleted";
  const payload = deleted ? "'{}'::jsonb" : "jsonb_build_object('targetUrl', target_url, 'status', status)";
  const parts = { change: `'${kind}'`, id: "$4", changedAt: "$3", actor: "$5" };
  const columns = `${CODE_COLUMNS}, deleted_at`;
  const unchanged = `UNION ALL SELECT ${columns}, NULL, NULL FROM was WHERE NOT EXISTS (SELECT FROM changed)`;
  return `WITH ${was ? `was AS MATERIALIZED (${was} FOR UPDATE),` : ""}
    changed AS (${change} RETURNING ${OWN_COLUMNS}, qr_codes.deleted_at),
    event AS (${insertChangeEvent("changed", `qr.${kind}`, { eventId: "$4", occurredAt: "$3", actor: "$5", payload })}),
    history AS (${insertHistory("changed", was && "was", parts)}),
    invalidation AS (${insertPendingInvalidation("changed", deleted, "id, mark", "$4")}),
    found AS (SELECT ${columns}, invalidation.id AS pending_invalidation, invalidation.mark FROM changed, invalidation
      ${was ? unchanged : ""})
    ${asJson(`SELECT found.*, ${persistedScans("found")} AS scans, ${tenantStyleOf("found")} AS tenant_style FROM found`)}`;
}
