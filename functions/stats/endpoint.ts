import { type HttpHandler, qrIdOf, tenantEndpoint } from "../shared/http/endpoint.ts";
import { json } from "../shared/http/reply.ts";
import type { Services } from "../shared/services.ts";
import { scanStats } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  return tenantEndpoint(services, async ({ tenantId, event }) =>
    json(200, await scanStats(services, tenantId, qrIdOf(event))),
  );
}
