import { commitChanges } from "../../data/commit-changes.ts";
import { deleteCodes, restoreCodes, updateCodes } from "../../data/postgres/change-many-codes.ts";
import { claimKey, type IdempotentRequest, keepReply } from "../../data/postgres/idempotency-keys.ts";
import type { TenantCall } from "../http/endpoint.ts";
import { inTurns } from "../http/in-turns.ts";
import { RowsFailed } from "../http/rows-failed.ts";
import type { Services } from "../runtime/services.ts";
import { type Plan, planChanges } from "./plan.ts";
import type { BulkBody, BulkReport } from "./schema.ts";
import { selectedIds } from "./select.ts";

export interface Changed {
  report: BulkReport;
  /** Whether an earlier request with the same idempotency key did it. */
  replayed: boolean;
}

/**
 * Changes, deletes or restores a tenant's codes, in one transaction. Each code's promises are those of a single change.
 *
 * @param request set if a repetition is to get the same reply
 * @throws RowsFailed if one of the codes can't be changed; then none is
 * @throws Invalid, TooBroad if the filter chooses too many
 */
export async function changeMany(
  services: Services,
  { tenantId, actor }: Pick<TenantCall, "tenantId" | "actor">,
  body: BulkBody,
  dryRun: boolean,
  request?: IdempotentRequest,
): Promise<Changed> {
  const of = { tenantId, actor, now: new Date(services.now()).toISOString() };
  const qrIds = await selectedIds(services, tenantId, body.select);
  const pause = inTurns();
  if (dryRun) {
    const plan = await services.db.transaction((query) =>
      planChanges(query, tenantId, qrIds, body, { lock: false, pause }),
    );
    return { report: reportOf(plan, qrIds, true), replayed: false };
  }
  return commitChanges<Changed>(services, async (query) => {
    const earlier = request && (await claimKey(query, request));
    if (earlier) return { result: { report: earlier as BulkReport, replayed: true }, changes: [] };
    const plan = await planChanges(query, tenantId, qrIds, body, { lock: true, pause });
    const report = reportOf(plan, qrIds, false);
    const { changed } = plan;
    const changes = body.delete
      ? await deleteCodes(query, of, report.changed)
      : body.restore
        ? await restoreCodes(query, of, report.changed)
        : await updateCodes(query, of, changed, "updated");
    if (request) await keepReply(query, request, report);
    return { result: { report, replayed: false }, changes };
  });
}

/** @throws RowsFailed if one of the codes can't be changed */
function reportOf(
  { changed, unchanged, notFound, failures }: Plan,
  qrIds: string[],
  dryRun: boolean,
): BulkReport {
  if (failures.length > 0) throw new RowsFailed(failures.length, failures, `of ${qrIds.length} codes`);
  return {
    dryRun,
    selected: qrIds.length,
    changed: changed.map(({ qrId }) => qrId),
    unchanged,
    notFound,
  };
}
