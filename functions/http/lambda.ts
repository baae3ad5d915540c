import { type RouteName, usesOf } from "../manifest.ts";
import { emfMetrics } from "../runtime/emf-metrics.ts";
import { createServices, type Services } from "../runtime/services.ts";
import { wire } from "../runtime/wire.ts";
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
  const uses = usesOf(name);
  return wire(uses, async () => createHandler(await createServices(uses, { metrics: emfMetrics(name) })));
}
