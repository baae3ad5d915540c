import { type HttpHandler, qrIdOf, tenantEndpoint } from "../http/endpoint.ts";
import type { Services } from "../runtime/services.ts";
import { removeCode } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  return tenantEndpoint(services, async ({ tenantId, event }) => {
    await removeCode(services, tenantId, qrIdOf(event));
    return { statusCode: 204, headers: {} };
  });
}
