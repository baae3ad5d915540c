import type { Flood } from "../benchmarks/flood.ts";
import { figure, table, withSpread } from "../table.ts";

export function floodReport({ cases, rate, rounds, headStartS }: Flood): string {
  const atRest = cases[0]?.p99.median ?? Number.NaN;
  const rows = cases.map(({ title, clients, p50, p99, max, failures, floodPerSecond }) => [
    clients === 0 ? title : `beside ${clients} clients: ${title}`,
    figure(p50.median),
    withSpread(p99),
    figure(p99.median / atRest),
    figure(max.median),
    figure(failures),
    figure(floodPerSecond.median),
  ]);
  const apart = headStartS
    ? `The flood's clients are a process that gets only what no other wants of the processors, as if they were on another machine, and begin ${headStartS} s before the scans. `
    : "";
  return `${table(["a scan", "p50, ms", "p99, ms", "to rest", "max, ms", "failed", "answers to the flood, a second"], rows)}

${rate} scans a second are offered, each timed from when it was due; a client of the flood sends its next request once the last
is answered. ${apart}Medians of ${rounds} fresh processes, and in brackets from where to where they spread. \`to rest\` is p99 divided by that at rest.`;
}
