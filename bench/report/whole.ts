import type { Whole } from "../benchmarks/whole.ts";
import { figure, table, withSpread } from "../table.ts";

export function wholeReport({
  connections,
  rounds,
  wrk,
  subjects,
  shareOfAlone,
  medianOverAlone,
  answered,
  lost,
  drained,
}: Whole): string {
  const titles = { alone: "a scan's process alone, beside Redis", whole: "`npm start`, all of it" };
  const rows = (["alone", "whole"] as const).map((subject) => {
    const { perSecond, cpuMicros, p99, medianAtOne } = subjects[subject];
    return [
      titles[subject],
      withSpread(perSecond),
      withSpread(cpuMicros),
      withSpread(p99),
      withSpread(medianAtOne, 1_000),
    ];
  });
  const by = wrk === undefined ? "the project's own loop" : `\`wrk\` ${wrk}, one thread`;
  return `${table(["", "scans a second", "CPU each, µs", "p99, ms", "median at one connection, µs"], rows)}

Round by round, all of it reaches ${withSpread(shareOfAlone, 100)} % of the rate of the scan's process alone, and takes
${withSpread(medianOverAlone, 100)} % of its median at one connection. Of ${figure(answered)} scans
that \`npm start\` answered, those of the warm-up among them, ${figure(lost)} did not get to Postgres; the last did ${withSpread(drained)} s
after a load.

One code, ${connections} connections by ${by}, medians of ${rounds} rounds, of both in turns; each load begins without a backlog. The generator, the gateway, Redis, Postgres and the
process of relay and consumer share the machine's cores; CPU time is the answering process's.`;
}
