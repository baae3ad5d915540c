import { DEFAULTS } from "../../core/code/defaults.ts";
import { CODE_FIELDS } from "../../core/code/fields.ts";
import { newAlphanumericId, newQrId } from "../../core/code/new-id.ts";
import { isSetBy, SETTABLE_FIELDS, type SettableFields, type StoredCode } from "../../core/code/qr-code.ts";
import { WINDOW_ERROR, windowInOrder } from "../../core/code/request-fields.ts";
import { sameFields } from "../../core/code/same-fields.ts";
import type { FieldError } from "../../core/errors.ts";
import { issuedIds, readOwnCodes, type WrittenCode } from "../../data/postgres/change-many-codes.ts";
import type { Query } from "../../data/postgres/db.ts";
import { logosAmong } from "../../data/postgres/logos.ts";
import type { Pause } from "../http/in-turns.ts";
import { UNKNOWN_LOGO } from "../http/picture-order.ts";
import type { RowFailure } from "../http/rows-failed.ts";
import type { CheckedRow, CheckedRows } from "./check-rows.ts";
import type { ImportQuery, RESULTS } from "./schema.ts";

/** What a row that does not fail comes to. */
export interface PlannedRow {
  line: number;
  result: (typeof RESULTS)[number];
  /** The code as it is to be; of a new one without an ID of its own in a dry run, the ID is not kept. */
  code: WrittenCode;
  /** Whether the service made its ID. */
  isMade: boolean;
}

export interface Plan {
  rows: PlannedRow[];
  failures: RowFailure[];
}

export const IS_TAKEN: FieldError = { path: "qrId", message: "is taken" };

/** Fields that are decided once for all, when a code is made. */
const FIXED_FIELDS = SETTABLE_FIELDS.filter((name) => !isSetBy("patch", CODE_FIELDS[name]));

/**
 * Decides what each row comes to, by what there is of its ID. Codes that may be changed are locked.
 *
 * @param options whose, and what becomes of IDs that the tenant has; `lock` unless nothing will be written
 */
export async function planRows(
  query: Query,
  { rows, failures }: CheckedRows,
  { tenantId, onConflict, lock }: Pick<ImportQuery, "onConflict"> & { tenantId: string; lock: boolean },
  pause: Pause,
): Promise<Plan> {
  const qrIds = rows.flatMap(({ qrId }) => (qrId === undefined ? [] : [qrId]));
  const own = await readOwnCodes(query, tenantId, qrIds, { lock: lock && onConflict === "update" });
  const issued = await issuedIds(
    query,
    qrIds.filter((qrId) => !own.has(qrId)),
  );
  const isKnown = await logosKnown(query, tenantId, rows);
  const plan: Plan = { rows: [], failures: [...failures] };
  for (const row of rows) {
    await pause();
    const before = row.qrId === undefined ? undefined : own.get(row.qrId);
    const isTaken = row.qrId !== undefined && (issued.has(row.qrId) || (before && onConflict === "fail"));
    const planned = isTaken
      ? IS_TAKEN
      : !isKnown(row)
        ? { path: "style.logo", message: UNKNOWN_LOGO }
        : before
          ? changed(row, before, onConflict)
          : created(row);
    if ("message" in planned) plan.failures.push({ line: row.line, ...planned });
    else plan.rows.push(planned);
  }
  return plan;
}

/** Whether the logo that a row's style names, if it does, is one of the tenant's. One statement for all rows. */
async function logosKnown(query: Query, tenantId: string, rows: readonly CheckedRow[]) {
  const logoOf = ({ fields }: CheckedRow) => fields.style?.logo;
  const named = new Set(rows.map(logoOf).filter((name) => name !== undefined));
  const known = await logosAmong(query, tenantId, [...named]);
  return (row: CheckedRow) => {
    const logo = logoOf(row);
    return logo === undefined || known.has(logo);
  };
}

function created({ line, qrId, fields }: CheckedRow): PlannedRow | FieldError {
  const { targetUrl } = fields;
  if (targetUrl === undefined) return { path: "targetUrl", message: "is required" };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const all: SettableFields = { ...DEFAULTS, ...given, targetUrl };
  const isMade = qrId === undefined;
  const made = all.alphanumeric ? newAlphanumericId : newQrId;
  return { line, result: "created", code: { qrId: qrId ?? made(), fields: all }, isMade };
}

function changed(
  { line, fields }: CheckedRow,
  before: StoredCode,
  onConflict: ImportQuery["onConflict"],
): PlannedRow | FieldError {
  const { qrId } = before;
  const merged = Object.fromEntries(
    SETTABLE_FIELDS.map((name) => [name, fields[name] === undefined ? before[name] : fields[name]]),
  ) as unknown as SettableFields;
  const planned = { line, code: { qrId, fields: merged }, isMade: false };
  if (onConflict === "skip") return { ...planned, result: "skipped" };
  if (!windowInOrder(merged)) return { path: "expiresAt", message: WINDOW_ERROR.error };
  const fixed = FIXED_FIELDS.find((name) => merged[name] !== before[name]);
  if (fixed) return { path: fixed, message: "can't be changed" };
  return { ...planned, result: sameFields(merged, before) ? "unchanged" : "updated" };
}
