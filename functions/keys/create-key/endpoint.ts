import { type HttpHandler, tenantBodyEndpoint } from "../../http/endpoint.ts";
import { json } from "../../http/reply.ts";
import { validate } from "../../http/validate.ts";
import type { Services } from "../../runtime/services.ts";
import { keyBody } from "./schema.ts";
import { createKey } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  return tenantBodyEndpoint("create-key", services, async ({ body, ...call }) => {
    const made = await createKey(services, call, validate(keyBody, body, "body"));
    return json(201, made, { location: `/keys/${made.keyId}` });
  });
}
