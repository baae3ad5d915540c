import type { StoredCode } from "../../core/code/qr-code.ts";
import { NotFound } from "../../core/errors.ts";
import { commitChange } from "../../data/commit-change.ts";
import { updateCode } from "../../data/postgres/change-codes.ts";
import { healed } from "../../data/redis/heal-counters.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import type { Services } from "../runtime/services.ts";
import type { PatchBody } from "./schema.ts";

/**
 * Changes the given fields of a tenant's code. Once it returns, or any read or scan has shown the new values, none that
 * begins later shows the old ones while Redis works.
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
  const committed = await commitChange(services, (query) =>
    updateCode(query, { tenantId, qrId }, fields, now),
  );
  if (!committed) throw new NotFound(qrId);
  const { code, scans } = committed.change;
  // A Redis that did not confirm is not asked again: the request has waited for it long enough.
  if (!committed.shown) return { code, scans };
  const live = await services.cache.getCounter(CacheKeys.scanCount(qrId));
  return { code, scans: live.result === "hit" ? healed(live.value, scans) : scans };
}
