import type { ImportCost } from "../benchmarks/import.ts";
import { figure, table, withSpread } from "../table.ts";

export function importReport(cost: ImportCost): string {
  const { rows, rounds, rate, megabytes, alone, beside, before, peak, scans } = cost;
  const times = [
    ["alone", withSpread(alone), withSpread(before), withSpread(peak)],
    [`beside ${rate} scans a second`, withSpread(beside), "", ""],
  ];
  const cases = [
    ["at rest", scans.atRest],
    [`beside imports of ${figure(rows)} rows`, scans.beside],
  ] as const;
  const latencies = cases.map(([title, { p50, p95, p99, max, failures }]) => [
    title,
    figure(p50.median),
    figure(p95.median),
    withSpread(p99),
    figure(max.median),
    figure(failures),
  ]);
  return `${table(["an import", "ms", "memory before, MB", "at most, MB"], times)}

${table(["a scan", "p50, ms", "p95, ms", "p99, ms", "max, ms", "failed"], latencies)}

An import is a CSV file of ${figure(rows)} rows and ${figure(megabytes)} MB, all of them new codes; the next is sent once the last is
answered. ${rate} scans a second are offered to the same process, each timed from when it was due. Medians of ${rounds} fresh processes,
and in brackets from where to where they spread. Memory is what the process has resident; in AWS the import has a Lambda of its
own.`;
}
