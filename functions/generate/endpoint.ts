import { presentCode, scanUrl } from "../shared/domain/qr-code.ts";
import { required } from "../shared/env.ts";
import { type HttpHandler, tenantBodyEndpoint } from "../shared/http/endpoint.ts";
import { json } from "../shared/http/reply.ts";
import { validate } from "../shared/http/validate.ts";
import { parsePictureOptions } from "../shared/picture/options.ts";
import { svgPicture } from "../shared/picture/svg.ts";
import type { Services } from "../shared/services.ts";
import { generateBody, idempotencyKey } from "./schema.ts";
import { generateCode } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  const schema = generateBody(baseUrl);
  return tenantBodyEndpoint(services, async ({ tenantId, event, body }) => {
    const key = validate(idempotencyKey, event.headers["idempotency-key"], "Idempotency-Key");
    const { code, repeated } = await generateCode(services, tenantId, validate(schema, body, "body"), key);
    const [scans = 0] = repeated ? ((await services.cache.readScans([code.qrId])) ?? []) : [];
    const svg = svgPicture(scanUrl(baseUrl, code.qrId), parsePictureOptions({}, "svg"));
    return json(
      repeated ? 200 : 201,
      { ...presentCode(code, scans, baseUrl), svg },
      { location: `/qr/${code.qrId}` },
    );
  });
}
