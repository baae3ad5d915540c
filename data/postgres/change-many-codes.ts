import { v7 as uuidv7 } from "uuid";
import { CODE_FIELDS } from "../../core/code/fields.ts";
import { FIELDS, SETTABLE_FIELDS, type SettableFields, type StoredCode } from "../../core/code/qr-code.ts";
import type { Change } from "../../core/history.ts";
import type { ChangeOf } from "./change-codes.ts";
import { insertHistory } from "./code-history.ts";
import { CODE_COLUMNS, type CodeRow, codeOf, SQL_TYPES } from "./code-row.ts";
import type { Query, Row } from "./db.ts";
import { insertChangeEvent } from "./event-outbox.ts";
import { insertPendingInvalidation, type PendingInvalidation } from "./pending-invalidations.ts";

/*
 * Changes of thousands of codes in one transaction, in slices of one statement each. Two transactions never wait for each
 * other in a circle: each first locks the codes that exist, in the order of their IDs, and then inserts new ones, in that
 * order. Who inserts locks nothing more, so that whoever waits to insert waits for another who inserts.
 */

/** Codes of one statement: some 0.2 s of work, well below the bound on a statement. */
export const SLICE = 1_000;

/** Whose codes are changed, by whom and when. */
export type ChangeMany = Omit<ChangeOf, "qrId">;

/** A code with all that a caller decides of it. */
export interface WrittenCode {
  qrId: string;
  fields: SettableFields;
}

/** IDs in the order in which codes are locked and written. */
export function inOrder<T extends { qrId: string }>(codes: readonly T[]): T[] {
  return [...codes].sort((one, other) => (one.qrId < other.qrId ? -1 : one.qrId > other.qrId ? 1 : 0));
}

/**
 * A tenant's codes of these IDs, as they are.
 *
 * @param deleted its tombstones instead
 * @param lock whether they stay so until the transaction ends
 */
export async function readOwnCodes(
  query: Query,
  tenantId: string,
  qrIds: readonly string[],
  { deleted = false, lock }: { deleted?: boolean; lock: boolean },
): Promise<Map<string, StoredCode>> {
  const found = new Map<string, StoredCode>();
  for (const slice of slices([...qrIds].sort(), SLICE)) {
    const rows = await query<CodeRow>(
      `SELECT ${CODE_COLUMNS} FROM qr_codes WHERE tenant_id = $1 AND qr_id = ANY ($2)
         AND deleted_at IS ${deleted ? "NOT NULL" : "NULL"} ORDER BY qr_id ${lock ? "FOR UPDATE" : ""}`,
      [tenantId, slice],
    );
    for (const row of rows) found.set(row.qr_id, codeOf(row));
  }
  return found;
}

/** Those of the IDs that were ever issued, to any tenant. */
export async function issuedIds(query: Query, qrIds: readonly string[]): Promise<Set<string>> {
  const issued = new Set<string>();
  for (const slice of slices(qrIds, SLICE)) {
    const rows = await query<Row & { qr_id: string }>("SELECT qr_id FROM qr_codes WHERE qr_id = ANY ($1)", [
      slice,
    ]);
    for (const { qr_id } of rows) issued.add(qr_id);
  }
  return issued;
}

/** Inserts codes, with their events, history and pending invalidations. @returns those whose ID was never issued */
export function insertCodes(
  query: Query,
  of: ChangeMany,
  codes: readonly WrittenCode[],
): Promise<PendingInvalidation[]> {
  return run(query, of, INSERT, codes);
}

/** Gives codes that this transaction has locked all these fields. */
export function updateCodes(
  query: Query,
  of: ChangeMany,
  codes: readonly WrittenCode[],
  change: Extract<Change, "updated" | "imported">,
): Promise<PendingInvalidation[]> {
  return run(query, of, UPDATE[change], codes);
}

/** Makes tombstones of codes that this transaction has locked. */
export function deleteCodes(
  query: Query,
  of: ChangeMany,
  qrIds: readonly string[],
): Promise<PendingInvalidation[]> {
  return run(
    query,
    of,
    DELETE,
    qrIds.map((qrId) => ({ qrId })),
  );
}

/** Makes tombstones that this transaction has locked the codes that they were. */
export function restoreCodes(
  query: Query,
  of: ChangeMany,
  qrIds: readonly string[],
): Promise<PendingInvalidation[]> {
  return run(
    query,
    of,
    RESTORE,
    qrIds.map((qrId) => ({ qrId })),
  );
}

interface Statement {
  sql: string;
  deleted: boolean;
}

const COLUMNS = SETTABLE_FIELDS.map((name) => CODE_FIELDS[name].column);

/** What the statement is given of each code: `$1`, a list in JSON. */
const GIVEN = `given AS MATERIALIZED (SELECT * FROM jsonb_to_recordset($1::jsonb) AS row(qr_id text, event_id uuid,
    ${SETTABLE_FIELDS.map((name) => `${CODE_FIELDS[name].column} ${SQL_TYPES[CODE_FIELDS[name].kind]}`).join(", ")}))`;

const OWN_COLUMNS = FIELDS.map(([, { column }]) => `qr_codes.${column}`).join(", ");

const INSERT = statement(
  "created",
  "imported",
  `INSERT INTO qr_codes (qr_id, tenant_id, created_at, updated_at, ${COLUMNS.join(", ")})
    SELECT qr_id, $2::text, $3::timestamptz, $3::timestamptz, ${COLUMNS.join(", ")} FROM given ORDER BY qr_id COLLATE "C"
    ON CONFLICT (qr_id) DO NOTHING`,
);

const set = COLUMNS.map((column) => `${column} = given.${column}`).join(", ");
const UPDATE = {
  updated: statement("updated", "updated", update(`updated_at = $3::timestamptz, ${set}`, "NULL")),
  imported: statement("updated", "imported", update(`updated_at = $3::timestamptz, ${set}`, "NULL")),
};
const DELETE = statement("deleted", "deleted", update("deleted_at = $3::timestamptz", "NULL"));
const RESTORE = statement(
  "restored",
  "restored",
  update("deleted_at = NULL, updated_at = $3::timestamptz", "NOT NULL"),
);

function update(changes: string, deleted: "NULL" | "NOT NULL"): string {
  return `UPDATE qr_codes SET version = qr_codes.version + 1, ${changes} FROM given
    WHERE qr_codes.qr_id = given.qr_id AND tenant_id = $2::text AND deleted_at IS ${deleted}`;
}

function statement(
  event: "created" | "updated" | "deleted" | "restored",
  change: Change,
  sql: string,
): Statement {
  const deleted = event === "deleted";
  const was = event !== "created";
  const payload = deleted ? "'{}'::jsonb" : "jsonb_build_object('targetUrl', target_url, 'status', status)";
  const entry = { change: `'${change}'`, id: "now.event_id", changedAt: "$3", actor: "$4" };
  return {
    deleted,
    sql: `WITH ${GIVEN},
    ${was ? "was AS MATERIALIZED (SELECT qr_codes.* FROM qr_codes JOIN given USING (qr_id) WHERE tenant_id = $2::text)," : ""}
    changed AS (${sql} RETURNING ${OWN_COLUMNS}),
    noted AS MATERIALIZED (SELECT changed.*, given.event_id FROM changed JOIN given USING (qr_id)),
    event AS (${insertChangeEvent("noted", `qr.${event}`, { eventId: "event_id", occurredAt: "$3", actor: "$4", payload })}),
    history AS (${insertHistory("noted", was ? "was" : undefined, entry)}),
    invalidation AS (${insertPendingInvalidation("noted", deleted, "id, qr_id")})
    SELECT id, qr_id FROM invalidation`,
  };
}

async function run(
  query: Query,
  { tenantId, now, actor }: ChangeMany,
  { sql, deleted }: Statement,
  codes: readonly { qrId: string; fields?: SettableFields }[],
): Promise<PendingInvalidation[]> {
  const changes: PendingInvalidation[] = [];
  for (const slice of slices(inOrder(codes), SLICE)) {
    const given = JSON.stringify(slice.map(rowOf));
    const rows = await query<Row & { id: number; qr_id: string }>(sql, [
      given,
      tenantId,
      now,
      JSON.stringify(actor),
    ]);
    changes.push(...rows.map(({ id, qr_id: qrId }) => ({ id, mark: String(id), tenantId, qrId, deleted })));
  }
  return changes;
}

function rowOf({ qrId, fields }: { qrId: string; fields?: SettableFields }): Row {
  const row: Row = { qr_id: qrId, event_id: uuidv7() };
  if (fields) for (const name of SETTABLE_FIELDS) row[CODE_FIELDS[name].column] = fields[name];
  return row;
}

function* slices<T>(items: readonly T[], length: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += length) yield items.slice(start, start + length);
}
