import type { StoredCode } from "../../core/code/qr-code.ts";
import { NotFound, ServiceError } from "../../core/errors.ts";
import { commitChange } from "../../data/commit-change.ts";
import { type Expected, restoreCode } from "../../data/postgres/change-codes.ts";
import { readCode } from "../../data/read-code.ts";
import type { TenantCall } from "../http/endpoint.ts";
import type { Services } from "../runtime/services.ts";

/**
 * Brings a tenant's deleted code back, with its target, its options and its figures.
 *
 * @param expected the versions that its tombstone may have
 * @throws NotFound if the tenant never had such a code
 * @throws ServiceError `conflict` if it is not deleted
 * @throws ChangedMeanwhile if its tombstone has none of the expected versions
 */
export async function restoreDeleted(
  services: Services,
  { tenantId, actor }: Pick<TenantCall, "tenantId" | "actor">,
  qrId: string,
  expected?: Expected,
): Promise<{ code: StoredCode; scans: number }> {
  const now = new Date(services.now()).toISOString();
  const committed = await commitChange(services, tenantId, (query) =>
    restoreCode(query, { tenantId, qrId, actor, now }, expected),
  );
  if (!committed) throw new NotFound(qrId);
  const { code, scans } = committed.change;
  if (!committed.shown) return { code, scans };
  return { code, scans: Math.max(scans, await raisedCount(services, tenantId, qrId)) };
}

/**
 * A tombstone has no counters: a read of the code raises them to what is persisted. The code is restored whether or not
 * that succeeds, and a scan raises the total itself.
 */
async function raisedCount(services: Services, tenantId: string, qrId: string): Promise<number> {
  try {
    return (await readCode(services, tenantId, qrId)).counts.scans;
  } catch (error) {
    if (error instanceof ServiceError) return 0;
    throw error;
  }
}
