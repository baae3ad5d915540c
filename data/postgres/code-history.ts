import type { Actor } from "../../core/actor.ts";
import { CODE_FIELDS, type Field } from "../../core/code/fields.ts";
import { SETTABLE_FIELDS } from "../../core/code/qr-code.ts";
import type { Change, FieldChange, HistoryEntry, HistoryPosition } from "../../core/history.ts";
import type { Db, Row } from "./db.ts";

/** The table whose months are dropped as a whole. */
export const HISTORY_TABLE = "code_history";

/** SQL over a statement's parameters, or over a row of what changed. */
interface EntryParts {
  /** The name of the change, as text. */
  change: string;
  id: string;
  changedAt: string;
  /** JSON of the actor. */
  actor: string;
}

/**
 * A statement that stores an entry for each changed code, however many, to be part of the change's.
 *
 * @param changed the rows of `qr_codes` as they are now
 * @param before the same rows as they were, by `qr_id`; none if they are new
 * @param parts may name columns of `changed` as `now`
 */
export function insertHistory(changed: string, before: string | undefined, parts: EntryParts): string {
  const values = SETTABLE_FIELDS.map((name) => {
    const field = CODE_FIELDS[name];
    return `('${name}', ${before ? jsonOf("was", field) : "NULL::jsonb"}, ${jsonOf("now", field)})`;
  });
  return `INSERT INTO code_history (id, changed_at, tenant_id, qr_id, change, version, actor, fields)
    SELECT ${parts.id}::uuid, ${parts.changedAt}::timestamptz, now.tenant_id, now.qr_id, ${parts.change}, now.version,
      ${parts.actor}::jsonb,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('field', field, 'from', "from", 'to', "to")), '[]')
        FROM (VALUES ${values.join(", ")}) AS compared(field, "from", "to") WHERE "from" IS DISTINCT FROM "to")
    FROM ${changed} AS now${before ? ` JOIN ${before} AS was ON was.qr_id = now.qr_id` : ""}`;
}

/** A column's value as replies show it. */
function jsonOf(row: string, { kind, column }: Pick<Field, "kind" | "column">): string {
  const value = `${row}.${column}`;
  if (kind !== "instant") return `to_jsonb(${value})`;
  return `to_jsonb(to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;
}

type EntryRow = Row & {
  id: string;
  qr_id: string;
  change: Change;
  changed_at: Date;
  version: number;
  actor: Actor;
  fields: FieldChange[];
};

const COLUMNS = "id, qr_id, change, changed_at, version, actor, fields";

/** One page, newest first. The bound on `changed_at` alone is what spares the months that lie before the page. */
const page = (conditions: string) => `SELECT ${COLUMNS} FROM code_history WHERE ${conditions}
  AND changed_at <= $2 AND (changed_at, id) < ($2, $3) ORDER BY changed_at DESC, id DESC LIMIT $4`;

/** Behind every entry that can be. */
const START: HistoryPosition = {
  changedAt: "9999-12-31T23:59:59.999Z",
  id: "ffffffff-ffff-ffff-ffff-ffffffffffff",
};

export interface HistoryPage {
  /** At most this many entries. */
  limit: number;
  /** Only entries that stand behind this one. */
  after?: HistoryPosition | undefined;
}

/**
 * The changes of one code, newest first, also of a deleted one.
 *
 * @returns `undefined` if the tenant never had a code of that ID
 */
export async function readCodeHistory(
  db: Db,
  tenantId: string,
  qrId: string,
  { limit, after = START }: HistoryPage,
): Promise<HistoryEntry[] | undefined> {
  const rows = await db.read<EntryRow>(
    `SELECT entries.* FROM qr_codes LEFT JOIN LATERAL (${page("tenant_id = $1 AND qr_id = $5")}) AS entries ON true
     WHERE qr_codes.qr_id = $5 AND qr_codes.tenant_id = $1 ORDER BY changed_at DESC, id DESC`,
    [tenantId, after.changedAt, after.id, limit, qrId],
  );
  if (rows.length === 0) return undefined;
  return rows.filter(({ id }) => id !== null).map(entryOf);
}

/** The changes of all of a tenant's codes, newest first. */
export async function readTenantHistory(
  db: Db,
  tenantId: string,
  { limit, after = START }: HistoryPage,
): Promise<HistoryEntry[]> {
  const rows = await db.read<EntryRow>(page("tenant_id = $1"), [tenantId, after.changedAt, after.id, limit]);
  return rows.map(entryOf);
}

function entryOf({ id, qr_id, change, changed_at, version, actor, fields }: EntryRow): HistoryEntry {
  const { type, id: who, name } = actor;
  return {
    id,
    qrId: qr_id,
    change,
    changedAt: changed_at.toISOString(),
    version,
    actor: { type, id: who, name },
    changes: fields.map(({ field, from, to }) => ({ field, from, to })),
  };
}
