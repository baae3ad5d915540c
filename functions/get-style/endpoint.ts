import { findTenantStyle } from "../../data/postgres/tenant-styles.ts";
import { type HttpHandler, tenantEndpoint } from "../http/endpoint.ts";
import { json } from "../http/reply.ts";
import type { Services } from "../runtime/services.ts";

/** From the database: whoever reads it is about to change it. */
export function createHandler(services: Services): HttpHandler {
  return tenantEndpoint("get-style", services, async ({ tenantId }) =>
    json(200, (await findTenantStyle(services.db, tenantId)) ?? {}),
  );
}
