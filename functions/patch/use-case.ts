import type { StoredCode } from "../../core/code/qr-code.ts";
import { NotFound } from "../../core/errors.ts";
import { commitChange } from "../../data/commit-change.ts";
import { countNow } from "../../data/count-now.ts";
import { type Expected, updateCode } from "../../data/postgres/change-codes.ts";
import type { TenantCall } from "../http/endpoint.ts";
import type { Services } from "../runtime/services.ts";
import type { PatchBody } from "./schema.ts";

/**
 * Changes the given fields of a tenant's code. Once it returns, or any read or scan has shown the new values, none that
 * begins later shows the old ones while Redis works.
 *
 * @param expected the versions that it may have
 * @throws NotFound if the tenant has no such code
 * @throws ChangedMeanwhile if it has none of the expected versions
 * @throws Invalid if the window would end before it starts
 */
export async function patchCode(
  services: Services,
  { tenantId, actor }: Pick<TenantCall, "tenantId" | "actor">,
  qrId: string,
  fields: PatchBody,
  expected?: Expected,
): Promise<{ code: StoredCode; scans: number }> {
  const now = new Date(services.now()).toISOString();
  const committed = await commitChange(services, tenantId, (query) =>
    updateCode(query, { tenantId, qrId, actor, now }, fields, expected),
  );
  if (!committed) throw new NotFound(qrId);
  const { code, scans } = committed.change;
  // A Redis that did not confirm is not asked again: the request has waited for it long enough.
  if (!committed.shown) return { code, scans };
  return { code, scans: await countNow(services, qrId, scans) };
}
