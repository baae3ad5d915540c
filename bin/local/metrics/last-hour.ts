import type { Registry } from "prom-client";

const MINUTE_MS = 60_000;
const MINUTES = 60;

/** Values by name and labels. */
type Values = Map<string, number>;

interface Snapshot {
  at: number;
  values: Values;
}

export interface LastHour {
  /** What was counted over the last hour, or since the start, and how many seconds that is. */
  read(): Promise<{ seconds: number; since(name: string, labels: Record<string, string>): number }>;
  stop(): void;
}

/** Keeps what a registry's counters were each minute, so that what they grew by in an hour can be told. */
export function lastHour(registry: Registry): LastHour {
  const snapshots: Snapshot[] = [{ at: performance.now(), values: new Map() }];
  const timer = setInterval(async () => {
    snapshots.push({ at: performance.now(), values: await valuesOf(registry) });
    if (snapshots.length > MINUTES) snapshots.shift();
  }, MINUTE_MS).unref();
  return {
    async read() {
      const values = await valuesOf(registry);
      const before = snapshots[0] as Snapshot;
      return {
        seconds: Math.round((performance.now() - before.at) / 1_000),
        since(name, labels) {
          const key = keyOf(name, labels);
          return (values.get(key) ?? 0) - (before.values.get(key) ?? 0);
        },
      };
    },
    stop: () => clearInterval(timer),
  };
}

async function valuesOf(registry: Registry): Promise<Values> {
  const values: Values = new Map();
  for (const metric of await registry.getMetricsAsJSON()) {
    for (const each of metric.values as Value[])
      values.set(keyOf(each.metricName ?? metric.name, each.labels), each.value);
  }
  return values;
}

interface Value {
  value: number;
  labels: Record<string, string | number>;
  metricName?: string;
}

function keyOf(name: string, labels: Record<string, string | number>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  return [name, ...pairs.sort()].join(" ");
}
