import { presentCode } from "../../core/code/qr-code.ts";
import { type HttpHandler, qrIdOf, tenantBodyEndpoint } from "../http/endpoint.ts";
import { json } from "../http/reply.ts";
import { validate } from "../http/validate.ts";
import { required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";
import { patchBody } from "./schema.ts";
import { patchCode } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  const schema = patchBody(baseUrl);
  return tenantBodyEndpoint("patch", services, async ({ tenantId, event, body }) => {
    const qrId = qrIdOf(event);
    const fields = validate(schema, body, "body");
    const { code, scans } = await patchCode(services, tenantId, qrId, fields);
    return json(200, presentCode(code, scans, baseUrl, services.now()));
  });
}
