import type { HttpHandler } from "../../functions/http/endpoint.ts";
import { routes } from "../../functions/manifest.ts";
import type { Services } from "../../functions/runtime/services.ts";
import { loadEndpoints } from "../load-endpoints.ts";
import type { Handlers } from "./gateway.ts";
import type { Timed } from "./metrics/counted.ts";

/** Each folder's `index.ts` hands over the same function for Lambda, where the compiler checks its type. */
type CreateHandler = (services: Services) => HttpHandler;

const creators = await loadEndpoints<CreateHandler>(
  "endpoint",
  ([folder, own]) =>
    own
      ? import(`../../functions/${folder}/${own}/endpoint.ts`)
      : import(`../../functions/${folder}/endpoint.ts`),
  "createHandler",
);

/** Every endpoint's handler over the same services, measured if somebody does. */
export function createHandlers(services: Services, timed: Timed = (_name, handler) => handler): Handlers {
  const handlers = routes.map(({ name }) => [name, timed(name, creators[name](services))]);
  return Object.fromEntries(handlers) as Handlers;
}
