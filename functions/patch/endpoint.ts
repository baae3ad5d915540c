import { presentCode } from "../../core/code/qr-code.ts";
import { replyWithCode } from "../http/code-reply.ts";
import { type HttpHandler, qrIdOf, tenantBodyEndpoint } from "../http/endpoint.ts";
import { refuseUnknownLogo } from "../http/picture-order.ts";
import { onCondition } from "../http/precondition.ts";
import { validate } from "../http/validate.ts";
import { required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";
import { patchBody } from "./schema.ts";
import { patchCode } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  const schema = patchBody(baseUrl);
  return tenantBodyEndpoint("patch", services, async (call) => {
    const { event, body } = call;
    const qrId = qrIdOf(event);
    const fields = validate(schema, body, "body");
    await refuseUnknownLogo(services, call.tenantId, fields.style);
    return onCondition(services, event, async (expected) => {
      const { code, scans } = await patchCode(services, call, qrId, fields, expected);
      return replyWithCode(200, presentCode(code, scans, baseUrl, services.now()));
    });
  });
}
