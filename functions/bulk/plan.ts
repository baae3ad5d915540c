import { CODE_FIELDS } from "../../core/code/fields.ts";
import { SETTABLE_FIELDS, type SettableFields, type StoredCode } from "../../core/code/qr-code.ts";
import { WINDOW_ERROR, windowInOrder } from "../../core/code/request-fields.ts";
import { sameFields } from "../../core/code/same-fields.ts";
import { readOwnCodes, type WrittenCode } from "../../data/postgres/change-many-codes.ts";
import type { Query } from "../../data/postgres/db.ts";
import type { Pause } from "../http/in-turns.ts";
import type { RowFailure } from "../http/rows-failed.ts";
import type { BulkBody } from "./schema.ts";

export interface Plan {
  /** As the codes are to be. */
  changed: WrittenCode[];
  unchanged: string[];
  notFound: string[];
  failures: RowFailure[];
}

/**
 * Decides what each code comes to.
 *
 * @param lock keeps the codes as they are until the transaction ends
 */
export async function planChanges(
  query: Query,
  tenantId: string,
  qrIds: readonly string[],
  body: BulkBody,
  { lock, pause }: { lock: boolean; pause: Pause },
): Promise<Plan> {
  const deleted = body.restore !== undefined;
  const own = await readOwnCodes(query, tenantId, qrIds, { deleted, lock });
  const others = qrIds.filter((qrId) => !own.has(qrId));
  const alive = deleted ? await readOwnCodes(query, tenantId, others, { lock: false }) : undefined;
  const plan: Plan = { changed: [], unchanged: [], notFound: [], failures: [] };
  for (const qrId of qrIds) {
    await pause();
    const before = own.get(qrId);
    if (!before) (alive?.has(qrId) ? plan.unchanged : plan.notFound).push(qrId);
    else addTo(plan, before, body);
  }
  return plan;
}

function addTo(plan: Plan, before: StoredCode, body: BulkBody): void {
  const { qrId } = before;
  const after = changedBy(body, before);
  const error = problemOf(after);
  const isWhole = body.delete !== undefined || body.restore !== undefined;
  if (error) plan.failures.push({ qrId, ...error });
  else if (isWhole || !sameFields(after, before)) plan.changed.push({ qrId, fields: after });
  else plan.unchanged.push(qrId);
}

function changedBy(
  { set = {}, addTags = [], removeTags = [] }: BulkBody,
  before: StoredCode,
): SettableFields {
  const given = Object.entries(set).filter(([, value]) => value !== undefined);
  const after = { ...pick(before), ...Object.fromEntries(given) };
  const tags = [...new Set([...after.tags, ...addTags])].filter((tag) => !removeTags.includes(tag));
  return { ...after, tags };
}

function pick(code: StoredCode): SettableFields {
  return Object.fromEntries(SETTABLE_FIELDS.map((name) => [name, code[name]])) as unknown as SettableFields;
}

const { maxEntries } = CODE_FIELDS.tags;

function problemOf(fields: SettableFields): { path: string; message: string } | undefined {
  if (fields.tags.length > maxEntries)
    return { path: "tags", message: `would have more than ${maxEntries} entries` };
  return windowInOrder(fields) ? undefined : { path: "expiresAt", message: WINDOW_ERROR.error };
}
