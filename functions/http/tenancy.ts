import type { APIGatewayProxyEventV2WithJWTAuthorizer } from "aws-lambda";
import { Invalid, ServiceError } from "../../core/errors.ts";
import { TENANT_ID } from "../../core/ids.ts";
import { bearerToken, type Payload, payloadOf } from "./bearer-token.ts";
import { differingClaim, own } from "./gateway-claims.ts";

export type AuthorizedEvent = APIGatewayProxyEventV2WithJWTAuthorizer;

/**
 * The tenant on whose behalf a request acts, from the token that the authorizer verified. `X-Tenant-ID` selects one if
 * the token names several.
 *
 * @param claimName the claim that holds one tenant ID, or an array of them
 * @throws ServiceError `unauthenticated` unless the request carries exactly the one token that was verified,
 * `forbidden` if its claim is anything else, or does not name that tenant
 * @throws Invalid if several tenants leave the choice open
 */
export function tenantOf(event: AuthorizedEvent, claimName: string): string {
  const tenants = tenantsIn(own(verifiedPayload(event), claimName));
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
 * The payload of the request's token, whose claims have to be those that the authorizer passed on: their text alone
 * does not distinguish an array from a string that looks like one.
 */
function verifiedPayload(event: AuthorizedEvent): Payload {
  const claims = event.requestContext.authorizer?.jwt?.claims;
  const token = bearerToken(event.headers.authorization);
  const payload = token === undefined ? undefined : payloadOf(token);
  if (!claims || !payload) throw new ServiceError("unauthenticated", "exactly one bearer token is required");
  const differing = differingClaim(payload, claims);
  if (differing === undefined) return payload;
  throw new ServiceError(
    "unauthenticated",
    `the token's claim ${JSON.stringify(differing)} is not the one that was verified`,
  );
}

/** The tenants of a claim. A single part that is no tenant ID makes it a claim of none. */
function tenantsIn(claim: unknown): string[] {
  const names: unknown[] = Array.isArray(claim) ? claim : [claim];
  return names.every(isTenantId) ? [...new Set(names)] : [];
}

function isTenantId(name: unknown): name is string {
  return typeof name === "string" && TENANT_ID.test(name);
}
