import { newKey } from "../../../core/auth/api-key.ts";
import { type ApiKey, MAX_KEYS } from "../../../core/auth/stored-key.ts";
import { Invalid, ServiceError } from "../../../core/errors.ts";
import { insertKey } from "../../../data/postgres/api-keys.ts";
import type { TenantCall } from "../../http/endpoint.ts";
import type { Services } from "../../runtime/services.ts";
import type { KeyBody } from "./schema.ts";

/**
 * Makes a key of the caller's tenant. Nothing is cached of it yet: nobody knew its ID before.
 *
 * @returns it with the key itself, which is stored nowhere
 * @throws ServiceError `forbidden` if it would have a scope that its creator lacks, `conflict` if the tenant has as many
 * keys as it may
 * @throws Invalid if it would have expired already
 */
export async function createKey(
  services: Services,
  { tenantId, actor, scopes: own }: Pick<TenantCall, "tenantId" | "actor" | "scopes">,
  { name, scopes, expiresAt }: KeyBody,
): Promise<ApiKey & { key: string }> {
  const lacking = scopes.filter((scope) => !own.includes(scope));
  if (lacking.length > 0) {
    const message = `must hold none but the caller's own scopes, not ${lacking.join(", ")}`;
    throw new ServiceError("forbidden", `scopes: ${message}`, { errors: [{ path: "scopes", message }] });
  }
  const now = services.now();
  if (expiresAt !== null && Date.parse(expiresAt) <= now)
    throw new Invalid([{ path: "expiresAt", message: "must lie in the future" }]);
  const { keyId, text, hash } = newKey();
  const stored = await insertKey(services.db, {
    ...{ keyId, tenantId, hash, name, scopes, createdBy: actor },
    ...{ now: new Date(now).toISOString(), expiresAt },
  });
  if (stored) return { ...stored, key: text };
  throw new ServiceError("conflict", `a tenant has at most ${MAX_KEYS} keys; revoke one that is not needed`);
}
