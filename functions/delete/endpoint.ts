import { type HttpHandler, qrIdOf, tenantEndpoint } from "../http/endpoint.ts";
import { onCondition } from "../http/precondition.ts";
import type { Services } from "../runtime/services.ts";
import { removeCode } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  return tenantEndpoint("delete", services, async (call) => {
    const qrId = qrIdOf(call.event);
    return onCondition(services, call.event, async (expected) => {
      await removeCode(services, call, qrId, expected);
      return { statusCode: 204, headers: {} };
    });
  });
}
