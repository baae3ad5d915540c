import { NotFound } from "../../core/errors.ts";
import { commitChange } from "../../data/commit-change.ts";
import { deleteCode, type Expected } from "../../data/postgres/change-codes.ts";
import type { TenantCall } from "../http/endpoint.ts";
import type { Services } from "../runtime/services.ts";

/**
 * Deletes a tenant's code. Its ID stays taken, and its printed picture leads to its fallback or to 410.
 *
 * @param expected the versions that it may have
 * @throws NotFound if the tenant has no such code
 * @throws ChangedMeanwhile if it has none of the expected versions
 */
export async function removeCode(
  services: Services,
  { tenantId, actor }: Pick<TenantCall, "tenantId" | "actor">,
  qrId: string,
  expected?: Expected,
): Promise<void> {
  const now = new Date(services.now()).toISOString();
  const committed = await commitChange(services, tenantId, (query) =>
    deleteCode(query, { tenantId, qrId, actor, now }, expected),
  );
  if (!committed) throw new NotFound(qrId);
}
