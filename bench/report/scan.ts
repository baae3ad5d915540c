import { type ScanFloor, SUBJECTS, type Subject } from "../benchmarks/scan-floor.ts";
import { table, withSpread } from "../table.ts";

export function scanReport({ connections, rounds, wrk, ...own }: ScanFloor): string {
  const byWrk = wrk
    ? `The same by \`wrk\` ${wrk.version}, one thread:\n\n${comparison(wrk)}`
    : "By `wrk`: not measured in this run.";
  return `${comparison(own)}

${connections} connections, medians of ${rounds} rounds of fresh processes that take turns, by the project's own loop.

${byWrk}`;
}

type Comparison = Pick<ScanFloor, "shareOfFloor" | "cpuAboveFloorMicros"> & {
  subjects: Partial<ScanFloor["subjects"]>;
};

function comparison({ subjects, shareOfFloor, cpuAboveFloorMicros }: Comparison): string {
  const rows = Object.entries(subjects).map(([subject, figures]) => [
    SUBJECTS[subject as Subject].title,
    withSpread(figures.perSecond),
    withSpread(figures.cpuMicros),
    withSpread(figures.p99),
    withSpread(figures.medianAtOne, 1_000),
  ]);
  return `${table(["", "a second", "CPU each, µs", "p99, ms", "median at one connection, µs"], rows)}

Round by round, a scan over RESP reaches ${withSpread(shareOfFloor, 100)} % of its floor's rate, with
${withSpread(cpuAboveFloorMicros)} µs of CPU above it.`;
}
