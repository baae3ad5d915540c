import { deleteLogo } from "../../data/postgres/logos.ts";
import { type HttpHandler, tenantEndpoint } from "../http/endpoint.ts";
import { logoNameOf, noLogo } from "../http/logo-name.ts";
import type { Services } from "../runtime/services.ts";

export function createHandler(services: Services): HttpHandler {
  return tenantEndpoint("delete-logo", services, async ({ tenantId, event }) => {
    const name = logoNameOf(event);
    if (!(await deleteLogo(services.db, tenantId, name))) throw noLogo(name);
    return { statusCode: 204, headers: { "cache-control": "no-store" } };
  });
}
