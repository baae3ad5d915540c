import { NotFound } from "../shared/domain/errors.ts";
import type { StoredCode } from "../shared/domain/qr-code.ts";
import type { Services } from "../shared/services.ts";
import { settleChange } from "../shared/settle-change.ts";
import { updateCode } from "../shared/store/change-codes.ts";
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
): Promise<StoredCode> {
  const now = new Date(services.now()).toISOString();
  const change = await updateCode(services.db, { tenantId, qrId }, fields, now);
  if (!change) throw new NotFound(qrId);
  await settleChange(services, change);
  return change.code;
}
