import { commitChanges } from "../../data/commit-changes.ts";
import { type ChangeMany, insertCodes, updateCodes } from "../../data/postgres/change-many-codes.ts";
import type { Query } from "../../data/postgres/db.ts";
import { claimKey, type IdempotentRequest, keepReply } from "../../data/postgres/idempotency-keys.ts";
import type { PendingInvalidation } from "../../data/postgres/pending-invalidations.ts";
import type { TenantCall } from "../http/endpoint.ts";
import type { Pause } from "../http/in-turns.ts";
import { MAX_FAILURES, RowsFailed } from "../http/rows-failed.ts";
import type { Services } from "../runtime/services.ts";
import type { CheckedRows } from "./check-rows.ts";
import { IS_TAKEN, type Plan, type PlannedRow, planRows } from "./plan.ts";
import { type ImportQuery, type ImportReport, RESULTS } from "./schema.ts";

export interface Imported {
  report: ImportReport;
  /** Whether an earlier request with the same idempotency key did it. */
  replayed: boolean;
}

/**
 * Writes rows as codes, in one transaction. Each code's promises are those of a single change.
 *
 * @param request set if a repetition is to get the same reply
 * @throws RowsFailed if some row fails and all or none are to be imported
 * @throws ServiceError `conflict` if the idempotency key was used for something else
 */
export async function importRows(
  services: Services,
  { tenantId, actor }: Pick<TenantCall, "tenantId" | "actor">,
  rows: CheckedRows,
  options: ImportQuery,
  pause: Pause,
  request?: IdempotentRequest,
): Promise<Imported> {
  const of: ChangeMany = { tenantId, actor, now: new Date(services.now()).toISOString() };
  const { mode, onConflict, dryRun } = options;
  const mayWrite = !dryRun && (mode === "partial" || rows.failures.length === 0);
  if (!mayWrite) {
    const plan = await services.db.transaction((query) =>
      planRows(query, rows, { tenantId, onConflict, lock: false }, pause),
    );
    if (!dryRun) throw rowsFailed(plan);
    return { report: reportOf(plan, true), replayed: false };
  }
  return commitChanges<Imported>(services, async (query) => {
    const earlier = request && (await claimKey(query, request));
    if (earlier) return { result: { report: earlier as ImportReport, replayed: true }, changes: [] };
    const plan = await planRows(query, rows, { tenantId, onConflict, lock: true }, pause);
    const refused = () => mode === "atomic" && plan.failures.length > 0;
    if (refused()) throw rowsFailed(plan);
    const changes = await write(query, of, plan);
    if (refused()) throw rowsFailed(plan);
    const report = reportOf(plan, false);
    if (request) await keepReply(query, request, report);
    return { result: { report, replayed: false }, changes };
  });
}

/** Writes what is planned. A row whose ID somebody else took meanwhile fails. */
async function write(query: Query, of: ChangeMany, plan: Plan): Promise<PendingInvalidation[]> {
  const codesOf = (result: string) =>
    plan.rows.filter((row) => row.result === result).map(({ code }) => code);
  const inserted = await insertCodes(query, of, codesOf("created"));
  const there = new Set(inserted.map(({ qrId }) => qrId));
  const isLost = ({ result, code }: PlannedRow) => result === "created" && !there.has(code.qrId);
  for (const { line } of plan.rows.filter(isLost)) plan.failures.push({ line, ...IS_TAKEN });
  plan.rows = plan.rows.filter((row) => !isLost(row));
  const updated = await updateCodes(query, of, codesOf("updated"), "imported");
  return [...inserted, ...updated];
}

function reportOf({ rows, failures }: Plan, dryRun: boolean): ImportReport {
  const counts = Object.fromEntries(
    RESULTS.map((result) => [result, rows.filter((row) => row.result === result).length]),
  ) as Record<(typeof RESULTS)[number], number>;
  const failed = failedLines(failures);
  return {
    dryRun,
    rows: rows.length + failed,
    ...counts,
    failed,
    failures: byLine(failures).slice(0, MAX_FAILURES),
    codes: rows.map(({ line, code, isMade, result }) => ({
      line,
      qrId: dryRun && isMade ? null : code.qrId,
      result,
    })),
  };
}

function rowsFailed({ rows, failures }: Plan): RowsFailed {
  const failed = failedLines(failures);
  return new RowsFailed(failed, byLine(failures), `of ${rows.length + failed} rows`);
}

const failedLines = (failures: Plan["failures"]) => new Set(failures.map(({ line }) => line)).size;

const byLine = (failures: Plan["failures"]) =>
  [...failures].sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
