import { triggers } from "../routes.ts";
import { createServices } from "../shared/services.ts";
import { emfMetrics } from "../shared/telemetry/emf-metrics.ts";
import { createHandler } from "./handler.ts";

const trigger = triggers.find(({ name }) => name === "persist-scans");

export const handler = createHandler(
  await createServices(trigger?.uses ?? [], { metrics: emfMetrics("persist-scans") }),
);
