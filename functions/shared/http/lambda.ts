import { type Route, type RouteName, routes } from "../../routes.ts";
import { createServices, type Services } from "../services.ts";
import { emfMetrics } from "../telemetry/emf-metrics.ts";
import { wire } from "../wire.ts";
import type { HttpHandler } from "./endpoint.ts";

/**
 * Wires an endpoint once per Lambda sandbox: a function whose environment lacks what its route uses answers no request.
 *
 * @throws EnvironmentError naming each variable that is missing or malformed
 */
export async function lambdaHandler(
  name: RouteName,
  createHandler: (services: Services) => HttpHandler,
): Promise<HttpHandler> {
  const route: Route | undefined = routes.find((candidate) => candidate.name === name);
  const uses = route?.uses ?? [];
  return wire(uses, async () => createHandler(await createServices(uses, { metrics: emfMetrics(name) })));
}
