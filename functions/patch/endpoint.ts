import { presentCode } from "../shared/domain/qr-code.ts";
import { required } from "../shared/env.ts";
import { type HttpHandler, qrIdOf, tenantBodyEndpoint } from "../shared/http/endpoint.ts";
import { json } from "../shared/http/reply.ts";
import { validate } from "../shared/http/validate.ts";
import type { Services } from "../shared/services.ts";
import { type PatchBody, patchBody } from "./schema.ts";
import { patchCode } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  const schema = patchBody(baseUrl);
  return tenantBodyEndpoint(services, async ({ tenantId, event, body }) => {
    const qrId = qrIdOf(event);
    const fields = validate(schema, body, "body") as PatchBody;
    const { code, scans } = await patchCode(services, tenantId, qrId, fields);
    return json(200, presentCode(code, scans, baseUrl));
  });
}
