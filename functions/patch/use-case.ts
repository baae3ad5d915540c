import type { StoredCode } from "../../core/code/qr-code.ts";
import { NotFound } from "../../core/errors.ts";
import { settleChange } from "../../data/invalidate-after-commit.ts";
import { updateCode } from "../../data/postgres/change-codes.ts";
import { healed } from "../../data/redis/heal-counters.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import type { Services } from "../runtime/services.ts";
import type { PatchBody } from "./schema.ts";

/**
 * Changes the given fields of a tenant's code. Once it returns, no read or scan that begins later sees the old
 * values while Redis works.
 *
 * @throws NotFound if the tenant has no such code
 * @throws Invalid if the window would end before it starts
 */
export async function patchCode(
  services: Services,
  tenantId: string,
  qrId: string,
  fields: PatchBody,
): Promise<{ code: StoredCode; scans: number }> {
  const now = new Date(services.now()).toISOString();
  const change = await updateCode(services.db, { tenantId, qrId }, fields, now);
  if (!change) throw new NotFound(qrId);
  const { code, scans } = change;
  // A Redis that did not confirm is not asked again: the request has waited for it long enough.
  if (!(await settleChange(services, change))) return { code, scans };
  const live = await services.cache.getCounter(CacheKeys.scanCount(qrId));
  return { code, scans: live.result === "hit" ? healed(live.value, scans) : scans };
}
