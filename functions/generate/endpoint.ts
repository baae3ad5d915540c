import { presentCode, scanUrl } from "../../core/code/qr-code.ts";
import { inlineDrawing } from "../../core/picture/inline-drawing.ts";
import { parsePictureOptions } from "../../core/picture/options.ts";
import { type HttpHandler, tenantBodyEndpoint } from "../http/endpoint.ts";
import { json } from "../http/reply.ts";
import { validate } from "../http/validate.ts";
import { required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";
import { generateBody, idempotencyKey } from "./schema.ts";
import { generateCode } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  const schema = generateBody(baseUrl);
  const drawing = services.drawing ?? inlineDrawing;
  return tenantBodyEndpoint("generate", services, async ({ tenantId, event, body }) => {
    const key = validate(idempotencyKey, event.headers["idempotency-key"], "Idempotency-Key");
    const fields = validate(schema, body, "body");
    // Whether it can be drawn has to be known before it is created.
    return drawing.reserve(async (pen) => {
      const { code, scans, repeated } = await generateCode(services, tenantId, fields, key);
      const svg = await pen.svg(scanUrl(baseUrl, code.qrId), parsePictureOptions({}, "svg"));
      return json(
        repeated ? 200 : 201,
        { ...presentCode(code, scans, baseUrl, services.now()), svg },
        { location: `/qr/${code.qrId}` },
      );
    });
  });
}
