import { ServiceError } from "../../../core/errors.ts";
import { commitRevocation } from "../../../data/commit-revocation.ts";
import type { Services } from "../../runtime/services.ts";

/**
 * Revokes a tenant's key. Once it returns every endpoint in every process refuses the key while Redis works, and within a
 * minute if Redis failed meanwhile.
 *
 * @throws ServiceError `not-found` if the tenant has no such key, whoever else may
 */
export async function revokeKey(services: Services, tenantId: string, keyId: string): Promise<void> {
  if (await commitRevocation(services, tenantId, keyId)) return;
  throw new ServiceError("not-found", `there is no key ${keyId}`);
}
