import { type ScanFloor, SUBJECTS, type Subject } from "../benchmarks/scan-floor.ts";
import { table, withSpread } from "../table.ts";

export function scanReport({
  subjects,
  shareOfFloor,
  cpuAboveFloorMicros,
  connections,
  rounds,
}: ScanFloor): string {
  const rows = Object.entries(subjects).map(([subject, figures]) => [
    SUBJECTS[subject as Subject].title,
    withSpread(figures.perSecond),
    withSpread(figures.cpuMicros),
    withSpread(figures.p99),
    withSpread(figures.medianAtOne, 1_000),
  ]);
  return `${table(["", "a second", "CPU each, µs", "p99, ms", "median at one connection, µs"], rows)}

${connections} connections, medians of ${rounds} rounds of fresh processes that take turns. Round by round, a scan over RESP reaches
${withSpread(shareOfFloor, 100)} % of its floor's rate, with ${withSpread(cpuAboveFloorMicros)} µs of CPU above it.`;
}
