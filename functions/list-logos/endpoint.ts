import { listLogos } from "../../data/postgres/logos.ts";
import { type HttpHandler, tenantEndpoint } from "../http/endpoint.ts";
import { json } from "../http/reply.ts";
import type { Services } from "../runtime/services.ts";

export function createHandler(services: Services): HttpHandler {
  return tenantEndpoint("list-logos", services, async ({ tenantId }) => {
    const logos = await listLogos(services.db, tenantId);
    return json(200, { logos, count: logos.length });
  });
}
