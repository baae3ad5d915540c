import { presentCode } from "../../core/code/qr-code.ts";
import { replyWithCode } from "../http/code-reply.ts";
import { type HttpHandler, qrIdOf, tenantEndpoint } from "../http/endpoint.ts";
import { onCondition } from "../http/precondition.ts";
import { required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";
import { restoreDeleted } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  return tenantEndpoint("restore", services, async (call) => {
    const qrId = qrIdOf(call.event);
    return onCondition(services, call.event, async (expected) => {
      const { code, scans } = await restoreDeleted(services, call, qrId, expected);
      return replyWithCode(200, presentCode(code, scans, baseUrl, services.now()));
    });
  });
}
