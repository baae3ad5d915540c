import type { Family } from "./family.ts";

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
  read(): { seconds: number; since(name: string, labels: Record<string, string>): number };
  stop(): void;
}

/** Keeps what the counters were each minute, so that what they grew by in an hour can be told. */
export function lastHour(readAll: () => Family[]): LastHour {
  const snapshots: Snapshot[] = [{ at: performance.now(), values: new Map() }];
  const timer = setInterval(() => {
    snapshots.push({ at: performance.now(), values: valuesOf(readAll()) });
    if (snapshots.length > MINUTES) snapshots.shift();
  }, MINUTE_MS).unref();
  return {
    read() {
      const values = valuesOf(readAll());
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

function valuesOf(families: Family[]): Values {
  const values: Values = new Map();
  for (const { name, values: figures } of families) {
    for (const { metricName = name, labels, value } of figures) values.set(keyOf(metricName, labels), value);
  }
  return values;
}

function keyOf(name: string, labels: Record<string, string | number>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  return [name, ...pairs.sort()].join(" ");
}
