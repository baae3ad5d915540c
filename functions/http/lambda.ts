import { type EndpointName, endpoints, type RouteName } from "../manifest.ts";
import { emfMetrics } from "../runtime/emf-metrics.ts";
import { ownUses } from "../runtime/own-uses.ts";
import { createServices, type Services } from "../runtime/services.ts";
import { wire } from "../runtime/wire.ts";
import type { HttpHandler } from "./endpoint.ts";

type CreateHandler = (services: Services) => HttpHandler;

/**
 * Wires an endpoint once per Lambda sandbox: a function whose environment lacks what its route uses answers no request.
 *
 * @throws EnvironmentError naming each variable that is missing or malformed
 */
export async function lambdaHandler(name: EndpointName, createHandler: CreateHandler): Promise<HttpHandler> {
  const uses = ownUses(name);
  return wire(uses, async () => createHandler(await createServices(uses, { metrics: emfMetrics(name) })));
}

/**
 * The same for a function that answers several routes: each request is for the one whose key it carries.
 *
 * @param creators by the name of the route
 */
export async function sharedLambdaHandler(
  name: EndpointName,
  creators: Partial<Record<RouteName, CreateHandler>>,
): Promise<HttpHandler> {
  return lambdaHandler(name, (services) => {
    const { routes } = endpoints.find((endpoint) => endpoint.name === name) ?? { routes: [] };
    const handlers = new Map<string, HttpHandler>(
      routes.flatMap((route) => {
        const handler = creators[route.name]?.(services);
        if (!handler) throw new Error(`functions/${name}/index.ts has no handler for ${route.name}`);
        return route.methods.map((method) => [`${method} ${route.path}`, handler] as const);
      }),
    );
    return async (event, context) => {
      const handler = handlers.get(event.routeKey);
      if (!handler) throw new Error(`${event.routeKey} is no route of ${name}`);
      return handler(event, context);
    };
  });
}
