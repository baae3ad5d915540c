import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { Caller } from "../../core/auth/caller.ts";
import { Invalid, ServiceError } from "../../core/errors.ts";

/** A request as API Gateway hands it over. Whether its credentials are good is for `authenticate.ts` to say. */
export type AuthorizedEvent = APIGatewayProxyEventV2;

/**
 * The tenant on whose behalf a request acts. `X-Tenant-ID` selects one if its caller has several.
 *
 * @throws ServiceError `forbidden` if the caller has none, or not the one that is selected
 * @throws Invalid if several tenants leave the choice open
 */
export function tenantOf(
  { headers }: Pick<AuthorizedEvent, "headers">,
  { tenants }: Pick<Caller, "tenants">,
): string {
  const wanted = headers["x-tenant-id"];
  if (wanted !== undefined) {
    if (tenants.includes(wanted)) return wanted;
    throw new ServiceError("forbidden", "X-Tenant-ID names none of the caller's tenants", {
      errors: [{ path: "X-Tenant-ID", message: "is none of the caller's tenants" }],
    });
  }
  const [only, ...others] = tenants;
  if (only === undefined) throw new ServiceError("forbidden", "the token names no tenant");
  if (others.length > 0) {
    throw new Invalid([
      { path: "X-Tenant-ID", message: "is required, since the token names several tenants" },
    ]);
  }
  return only;
}
