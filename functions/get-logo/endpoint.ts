import { findLogo } from "../../data/postgres/logos.ts";
import { type HttpHandler, tenantEndpoint } from "../http/endpoint.ts";
import { namesTag } from "../http/if-none-match.ts";
import { logoNameOf, noLogo } from "../http/logo-name.ts";
import { bytes } from "../http/reply.ts";
import type { Services } from "../runtime/services.ts";

export function createHandler(services: Services): HttpHandler {
  return tenantEndpoint("get-logo", services, async ({ tenantId, event }) => {
    const name = logoNameOf(event);
    const logo = await findLogo(services.db, tenantId, name);
    if (!logo) throw noLogo(name);
    const etag = `"${logo.digest}"`;
    const headers = { "cache-control": "private, no-cache", etag };
    if (namesTag(event.headers["if-none-match"], etag)) return { statusCode: 304, headers };
    return bytes(200, logo.png, { ...headers, "content-type": "image/png" });
  });
}
