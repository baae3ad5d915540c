import { type HttpHandler, publicEndpoint } from "../http/endpoint.ts";
import { json } from "../http/reply.ts";
import type { Services } from "../runtime/services.ts";
import { health } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  return publicEndpoint(services, async () => {
    const state = await health(services);
    return json(state.status === "down" ? 503 : 200, state);
  });
}
