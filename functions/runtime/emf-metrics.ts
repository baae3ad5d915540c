import { Metrics as Powertools } from "@aws-lambda-powertools/metrics";
import { METRICS, METRICS_NAMESPACE, type Metrics } from "../../core/telemetry/metrics.ts";
import { processEnv } from "./env.ts";

/** Writes figures as lines of the embedded metric format, which CloudWatch reads from the log: no call, no wait. */
export function emfMetrics(functionName: string): Metrics {
  const powertools = new Powertools({
    namespace: METRICS_NAMESPACE,
    // Separates the stages of one account.
    serviceName: processEnv.POWERTOOLS_SERVICE_NAME ?? "qr-service",
    defaultDimensions: { function: functionName },
  });
  return {
    add: (name, value = 1) => powertools.addMetric(name, METRICS[name], value),
    // Without a figure Powertools would say so, in a line that is no JSON.
    flush: () => {
      if (powertools.hasStoredMetrics()) powertools.publishStoredMetrics();
    },
  };
}
