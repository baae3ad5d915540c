import { NotFound } from "../../core/errors.ts";
import { settleChange } from "../../data/invalidate-after-commit.ts";
import { deleteCode } from "../../data/postgres/change-codes.ts";
import type { Services } from "../runtime/services.ts";

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
