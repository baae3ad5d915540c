import { createHash } from "node:crypto";
import { ServiceError } from "../../core/errors.ts";
import { MAX_LOGOS, putLogo } from "../../data/postgres/logos.ts";
import { type HttpHandler, tenantBytesEndpoint } from "../http/endpoint.ts";
import { logoNameOf } from "../http/logo-name.ts";
import { json } from "../http/reply.ts";
import type { Services } from "../runtime/services.ts";

export function createHandler(services: Services): HttpHandler {
  const redraw = services.redrawLogo ?? redrawInline;
  return tenantBytesEndpoint("put-logo", services, async ({ tenantId, event, bytes }) => {
    const name = logoNameOf(event);
    const image = await redraw(bytes);
    const digest = createHash("sha256").update(image.png).digest("base64url").slice(0, 22);
    const now = new Date(services.now()).toISOString();
    const stored = await putLogo(services.db, tenantId, name, { ...image, digest }, now);
    if (!stored) throw tooMany();
    return json(stored.isNew ? 201 : 200, stored.logo, stored.isNew ? { location: `/logos/${name}` } : {});
  });
}

/** In this thread, with what draws it loaded for the first one. */
async function redrawInline(file: Uint8Array) {
  const { redrawLogo } = await import("./redraw.ts");
  return redrawLogo(file);
}

function tooMany(): ServiceError {
  const message = `is one more than the ${MAX_LOGOS} logos that a tenant may have`;
  return new ServiceError("conflict", `the logo ${message}`, { errors: [{ path: "name", message }] });
}
