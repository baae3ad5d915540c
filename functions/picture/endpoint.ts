import { type HttpHandler, tenantEndpoint } from "../http/endpoint.ts";
import { pictureHandler } from "../http/picture.ts";
import { formatOf } from "../http/picture-format.ts";
import type { Services } from "../runtime/services.ts";

export function createHandler(services: Services): HttpHandler {
  const reply = pictureHandler(services);
  return tenantEndpoint("picture", services, async (call) => {
    const { headers, queryStringParameters } = call.event;
    return reply(call, formatOf(queryStringParameters?.format, headers.accept));
  });
}
