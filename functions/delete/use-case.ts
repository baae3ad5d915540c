import { NotFound } from "../../core/errors.ts";
import { commitChange } from "../../data/commit-change.ts";
import { deleteCode } from "../../data/postgres/change-codes.ts";
import type { Services } from "../runtime/services.ts";

/**
 * Deletes a tenant's code. Its ID stays taken, and its printed picture leads to its fallback or to 410.
 *
 * @throws NotFound if the tenant has no such code
 */
export async function removeCode(services: Services, tenantId: string, qrId: string): Promise<void> {
  const now = new Date(services.now()).toISOString();
  const committed = await commitChange(services, (query) => deleteCode(query, { tenantId, qrId }, now));
  if (!committed) throw new NotFound(qrId);
}
