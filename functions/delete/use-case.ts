import { NotFound } from "../shared/domain/errors.ts";
import type { Services } from "../shared/services.ts";
import { settleChange } from "../shared/settle-change.ts";
import { deleteCode } from "../shared/store/change-codes.ts";

/**
 * Deletes a tenant's code. Its ID stays taken, and its printed picture leads to its fallback or to 410.
 *
 * @throws NotFound if the tenant has no such code
 */
export async function removeCode(services: Services, tenantId: string, qrId: string): Promise<void> {
  const change = await deleteCode(services.db, { tenantId, qrId }, new Date(services.now()).toISOString());
  if (!change) throw new NotFound(qrId);
  await settleChange(services, change, true);
}
