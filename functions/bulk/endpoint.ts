import { type HttpHandler, tenantBodyEndpoint } from "../http/endpoint.ts";
import { idempotencyKeyOf, REPLAYED } from "../http/idempotency-key.ts";
import { refuseUnknownLogo } from "../http/picture-order.ts";
import { json } from "../http/reply.ts";
import { withFailures } from "../http/rows-failed.ts";
import { validate } from "../http/validate.ts";
import { required } from "../runtime/env.ts";
import { manyRowsLimiter } from "../runtime/many-rows-limits.ts";
import type { Services } from "../runtime/services.ts";
import { bulkBody, bulkQuery } from "./schema.ts";
import { changeMany } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const schema = bulkBody(required(services.env, "PUBLIC_BASE_URL"));
  const calls = manyRowsLimiter(services);
  return tenantBodyEndpoint("bulk", services, async (call) => {
    const { event, tenantId } = call;
    const { dryRun } = validate(bulkQuery, event.queryStringParameters ?? {}, "query");
    const key = idempotencyKeyOf(event);
    const body = validate(schema, call.body, "body");
    await refuseUnknownLogo(services, tenantId, body.set?.style, "set.style.logo");
    const request = key === undefined ? undefined : { tenantId, key, body: { bulk: body } };
    return withFailures(event.requestContext.requestId, () =>
      calls(tenantId, async () => {
        const { report, replayed } = await changeMany(services, call, body, dryRun, request);
        return json(200, report, replayed ? REPLAYED : {});
      }),
    );
  });
}
