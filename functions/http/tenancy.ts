import type { APIGatewayProxyEventV2WithJWTAuthorizer } from "aws-lambda";
import { Invalid, ServiceError } from "../../core/errors.ts";
import { TENANT_ID } from "../../core/ids.ts";

export type AuthorizedEvent = APIGatewayProxyEventV2WithJWTAuthorizer;

/**
 * The tenant on whose behalf a request acts, from the claim that the authorizer verified. `X-Tenant-ID` selects one
 * if the claim names several.
 *
 * @throws ServiceError `unauthenticated` without claims, `forbidden` if the claim names no tenant or not that one
 * @throws Invalid if several tenants leave the choice open
 */
export function tenantOf(event: AuthorizedEvent, claimName: string): string {
  const claims = event.requestContext.authorizer?.jwt?.claims;
  if (!claims) throw new ServiceError("unauthenticated", "a bearer token is required");
  const tenants = tenantsOf(claims[claimName]);
  const wanted = event.headers["x-tenant-id"];
  if (wanted !== undefined) {
    if (tenants.includes(wanted)) return wanted;
    throw new ServiceError("forbidden", "X-Tenant-ID names none of the caller's tenants", {
      errors: [{ path: "X-Tenant-ID", message: "is none of the caller's tenants" }],
    });
  }
  const [only, ...others] = tenants;
  if (only === undefined)
    throw new ServiceError("forbidden", `the token's claim ${claimName} names no tenant`);
  if (others.length > 0) {
    throw new Invalid([
      { path: "X-Tenant-ID", message: "is required, since the token names several tenants" },
    ]);
  }
  return only;
}

/**
 * API Gateway renders a claim that is an array as the string `[a b]`. An invalid name counts as none, and so does
 * whatever is no text.
 */
function tenantsOf(claim: unknown): string[] {
  const names: unknown[] = Array.isArray(claim) ? claim : typeof claim === "string" ? namesIn(claim) : [];
  return [...new Set(names.filter((name) => typeof name === "string" && TENANT_ID.test(name)))] as string[];
}

function namesIn(claim: string): string[] {
  return claim.replace(/^\[(.*)\]$/s, "$1").split(/[\s,]+/);
}
