import { triggers } from "../routes.ts";
import { createServices } from "../shared/services.ts";
import { emfMetrics } from "../shared/telemetry/emf-metrics.ts";
import { wire } from "../shared/wire.ts";
import { createHandler } from "./handler.ts";

const uses = triggers.find(({ name }) => name === "persist-scans")?.uses ?? [];

export const handler = await wire(uses, async () =>
  createHandler(await createServices(uses, { metrics: emfMetrics("persist-scans") })),
);
