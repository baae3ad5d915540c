import { listKeys } from "../../../data/postgres/api-keys.ts";
import { type HttpHandler, tenantEndpoint } from "../../http/endpoint.ts";
import { json } from "../../http/reply.ts";
import type { Services } from "../../runtime/services.ts";

export function createHandler(services: Services): HttpHandler {
  return tenantEndpoint("list-keys", services, async ({ tenantId }) => {
    const keys = await listKeys(services.db, tenantId);
    return json(200, { keys, count: keys.length });
  });
}
