import type { EndpointName } from "../manifest.ts";
import { emfMetrics } from "../runtime/emf-metrics.ts";
import { readEnv, required } from "../runtime/env.ts";
import { createLog } from "../runtime/log.ts";
import { ownUses } from "../runtime/own-uses.ts";
import type { HttpHandler, Telemetry } from "./endpoint.ts";

/** Wires an endpoint that asks no server: its bundle holds no client of any, and it starts without their variables. */
export function bareLambdaHandler(
  name: EndpointName,
  createHandler: (services: Telemetry) => HttpHandler,
): HttpHandler {
  const env = readEnv(ownUses(name));
  return createHandler({ log: createLog(required(env, "LOG_LEVEL")), metrics: emfMetrics(name) });
}
