import type { Metrics } from "../../core/telemetry/metrics.ts";
import { withMetrics } from "../../functions/http/authenticate.ts";
import type { HttpHandler } from "../../functions/http/endpoint.ts";
import { type RouteName, routes } from "../../functions/manifest.ts";
import type { Services } from "../../functions/runtime/services.ts";
import { loadEndpoints } from "../load-endpoints.ts";
import type { Handlers } from "./gateway.ts";

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

/**
 * Every endpoint's handler over the same services.
 *
 * @param metricsOf where each of them counts, unless all count where the services do
 */
export function createHandlers(services: Services, metricsOf?: (name: RouteName) => Metrics): Handlers {
  const servicesOf = (name: RouteName) => (metricsOf ? withMetrics(services, metricsOf(name)) : services);
  const handlers = routes.map(({ name }) => [name, creators[name](servicesOf(name))]);
  return Object.fromEntries(handlers) as Handlers;
}
