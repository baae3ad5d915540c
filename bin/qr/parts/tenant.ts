import type { EnvSource } from "../../../functions/runtime/env.ts";

/** The tenant that is worked on, as far as the variables say it: an API key does not. */
export function tenantOf({ QR_TENANT, QR_TOKEN = "" }: EnvSource): string | undefined {
  if (QR_TENANT) return QR_TENANT;
  const [, payload = ""] = QR_TOKEN.split(".");
  try {
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
    const { tenant_id: tenant } = claims;
    return tenant === undefined ? undefined : String(tenant);
  } catch {
    return undefined;
  }
}
