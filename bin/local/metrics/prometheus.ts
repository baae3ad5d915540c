import { AggregatorRegistry, Registry } from "prom-client";
import type { Family } from "./family.ts";

export const CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Families that were counted elsewhere than in prom-client, as Prometheus reads them. */
export function prometheusText(families: readonly Family[]): Promise<string> {
  const counted = families.map((family) => ({ ...family, aggregator: "first" }));
  return AggregatorRegistry.aggregate([counted]).metrics();
}
