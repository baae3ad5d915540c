import { presentCode } from "../../core/code/qr-code.ts";
import { inlineSvg } from "../../core/picture/inline-svg.ts";
import { replyWithCode } from "../http/code-reply.ts";
import { type HttpHandler, tenantBodyEndpoint } from "../http/endpoint.ts";
import { idempotencyKeyOf, REPLAYED } from "../http/idempotency-key.ts";
import { refuseUnknownLogo, storedPicture } from "../http/picture-order.ts";
import { problem } from "../http/problem.ts";
import type { HttpReply } from "../http/reply.ts";
import { validate } from "../http/validate.ts";
import { required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";
import { generateBody } from "./schema.ts";
import { generateCode } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  const schema = generateBody(baseUrl);
  const drawing = services.drawing ?? inlineSvg;
  return tenantBodyEndpoint("generate", services, async (call) => {
    const { tenantId, event, body } = call;
    const key = idempotencyKeyOf(event);
    const fields = validate(schema, body, "body");
    await refuseUnknownLogo(services, tenantId, fields.style);
    // Whether it can be drawn has to be known before it is created.
    return drawing.reserve(async (pen) => {
      const { status, found, replayed } = await generateCode(services, call, fields, key);
      const headers: Record<string, string> = replayed ? REPLAYED : {};
      if (!found) return gone(event.requestContext.requestId, headers);
      const { code, scans } = found;
      const { order } = await storedPicture(services, baseUrl, found);
      const svg = await pen.draw("svg", order);
      const shown = presentCode(code, scans, baseUrl, services.now());
      return replyWithCode(status, shown, { svg }, { location: `/qr/${code.qrId}`, ...headers });
    });
  });
}

function gone(requestId: string, headers: Record<string, string>): HttpReply {
  const reply = problem("gone", requestId, "the code that this Idempotency-Key created was deleted since");
  return { ...reply, headers: { ...reply.headers, ...headers } };
}
