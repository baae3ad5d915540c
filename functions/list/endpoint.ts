import { presentCode } from "../shared/domain/qr-code.ts";
import { required } from "../shared/env.ts";
import { type HttpHandler, tenantEndpoint } from "../shared/http/endpoint.ts";
import { json } from "../shared/http/reply.ts";
import { validate } from "../shared/http/validate.ts";
import type { Services } from "../shared/services.ts";
import { listQuery } from "./schema.ts";
import { listPage } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  return tenantEndpoint(services, async ({ tenantId, event }) => {
    const query = validate(listQuery, event.queryStringParameters ?? {}, "query");
    const { codes, nextCursor, cached } = await listPage(services, tenantId, query);
    const qrCodes = codes.map(({ code, scans }) => presentCode(code, scans, baseUrl));
    return json(200, { qrCodes, count: qrCodes.length, cached, ...(nextCursor ? { nextCursor } : {}) });
  });
}
