import { usesOf } from "../manifest.ts";
import { emfMetrics } from "../runtime/emf-metrics.ts";
import { createServices } from "../runtime/services.ts";
import { wire } from "../runtime/wire.ts";
import { xrayTraces } from "../runtime/xray-traces.ts";
import { createHandler } from "./handler.ts";

const uses = usesOf("persist-scans");

export const handler = await wire(uses, async () =>
  createHandler(await createServices(uses, { metrics: emfMetrics("persist-scans"), traces: xrayTraces() })),
);
