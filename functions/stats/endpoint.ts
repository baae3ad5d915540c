import { type HttpHandler, qrIdOf, tenantEndpoint } from "../http/endpoint.ts";
import { json } from "../http/reply.ts";
import { validate } from "../http/validate.ts";
import type { Services } from "../runtime/services.ts";
import { statsQuery } from "./schema.ts";
import { scanStats } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  return tenantEndpoint("stats", services, async ({ tenantId, event }) => {
    const qrId = qrIdOf(event);
    const query = validate(statsQuery, event.queryStringParameters ?? {}, "query");
    return json(200, await scanStats(services, tenantId, qrId, query));
  });
}
