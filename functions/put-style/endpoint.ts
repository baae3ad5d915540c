import { styleSchema } from "../../core/picture/style-schema.ts";
import { commitChange } from "../../data/commit-change.ts";
import { putTenantStyle } from "../../data/postgres/tenant-styles.ts";
import { type HttpHandler, tenantBodyEndpoint } from "../http/endpoint.ts";
import { refuseUnknownLogo } from "../http/picture-order.ts";
import { json } from "../http/reply.ts";
import { validate } from "../http/validate.ts";
import type { Services } from "../runtime/services.ts";

export function createHandler(services: Services): HttpHandler {
  return tenantBodyEndpoint("put-style", services, async ({ tenantId, body }) => {
    const style = validate(styleSchema, body, "body");
    await refuseUnknownLogo(services, tenantId, style, "logo");
    const now = new Date(services.now()).toISOString();
    await commitChange(services, tenantId, (query) => putTenantStyle(query, tenantId, style, now));
    return json(200, style);
  });
}
