import { v7 as uuidv7 } from "uuid";
import type { Actor } from "../../core/actor.ts";
import { SETTABLE_FIELDS, type SettableFields, type StoredCode } from "../../core/code/qr-code.ts";
import { Invalid, ServiceError } from "../../core/errors.ts";
import type { PictureStyle } from "../../core/picture/picture-style.ts";
import { ChangedMeanwhile } from "../changed-meanwhile.ts";
import type { Answer } from "./as-json.ts";
import { type ChangeKind, DELETE, INSERT, RESTORE, updateOf } from "./change-statements.ts";
import { type CodeJson, codeOf } from "./code-row.ts";
import type { Query } from "./db.ts";
import type { PendingChange } from "./pending-invalidations.ts";

/** A change of some fields; what is absent or `undefined` stays as it is. */
export type FieldChanges = { [N in keyof SettableFields]?: SettableFields[N] | undefined };

/** Which code is changed, by whom and when. */
export interface ChangeOf {
  tenantId: string;
  qrId: string;
  actor: Actor;
  /** ISO 8601, milliseconds. */
  now: string;
  /** ID of its event and the mark by which it closes keys: a UUID of version 7, made unless it is given. */
  eventId?: string;
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
type Changed = CodeJson & {
  scans: number;
  deleted_at: string | null;
  pending_invalidation: number | null;
  mark: string | null;
  tenant_style: PictureStyle | null;
};

/**
 * Inserts a code, in one statement with its event, its history and its pending invalidation. To be part of `commitChange`
 * or `commitNewCode`.
 *
 * @throws ServiceError `conflict` if the ID was ever issued, to any tenant
 * @throws Invalid if the window ends before it starts
 */
export async function insertCode(query: Query, of: ChangeOf, fields: SettableFields): Promise<MadeChange> {
  const values = [...commonValues(of), ...SETTABLE_FIELDS.map((name) => fields[name])];
  const inserted = made(await run(query, INSERT, values), "created");
  if (inserted) return inserted;
  throw new ServiceError("conflict", `the ID ${of.qrId} is taken`, {
    errors: [{ path: "qrId", message: "is taken" }],
  });
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
  const names = SETTABLE_FIELDS.filter((name) => fields[name] !== undefined);
  const values = [...conditionalValues(of, expected), ...names.map((name) => fields[name])];
  return made(await run(query, updateOf(names), values), "updated");
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
  return made(await run(query, DELETE, conditionalValues(of, expected)), "deleted");
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
  const row = await run(query, RESTORE, conditionalValues(of, expected));
  if (row && row.pending_invalidation === null && row.deleted_at === null) {
    throw new ServiceError("conflict", `the code ${of.qrId} is not deleted`, {
      errors: [{ path: "qrId", message: "is not deleted" }],
    });
  }
  return made(row, "restored");
}

/** `$1` to `$5` of each statement. */
function commonValues({ qrId, tenantId, now, actor, eventId = uuidv7() }: ChangeOf): unknown[] {
  return [qrId, tenantId, now, eventId, JSON.stringify(actor)];
}

/** With `$6` of those that change a row. */
function conditionalValues(of: ChangeOf, expected: Expected): unknown[] {
  return [...commonValues(of), expected ?? null];
}

async function run(query: Query, statement: string, values: unknown[]): Promise<Changed | undefined> {
  try {
    const [row] = await query<Answer<Changed>>(statement, values);
    return row?.answer;
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== "window_order") throw error;
    throw new Invalid([{ path: "expiresAt", message: "must be after startsAt" }], { cause: error });
  }
}

/** @throws ChangedMeanwhile if the row is there and was not changed */
function made(row: Changed | undefined, kind: ChangeKind): MadeChange | undefined {
  if (!row) return undefined;
  const { scans, deleted_at, pending_invalidation: id, mark, tenant_style: tenantStyle } = row;
  const code = codeOf(row);
  const deleted = kind === "deleted";
  if (id !== null && mark !== null)
    return { code, deleted, scans, pendingInvalidation: { id, mark }, tenantStyle };
  throw new ChangedMeanwhile(code, scans, deleted_at && new Date(deleted_at).toISOString());
}
