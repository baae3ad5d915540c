import { KEY_ID } from "../../../core/auth/api-key.ts";
import { Invalid } from "../../../core/errors.ts";
import { type HttpHandler, tenantEndpoint } from "../../http/endpoint.ts";
import type { AuthorizedEvent } from "../../http/tenancy.ts";
import type { Services } from "../../runtime/services.ts";
import { revokeKey } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  return tenantEndpoint("revoke-key", services, async ({ tenantId, event }) => {
    await revokeKey(services, tenantId, keyIdOf(event));
    return { statusCode: 204, headers: {} };
  });
}

/** The key that the path names. @throws Invalid if it can't be a key's ID */
function keyIdOf({ pathParameters }: AuthorizedEvent): string {
  const keyId = pathParameters?.keyId ?? "";
  if (KEY_ID.test(keyId)) return keyId;
  throw new Invalid([{ path: "keyId", message: `must match ${KEY_ID.source}` }]);
}
