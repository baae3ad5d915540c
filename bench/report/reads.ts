import { READS, type Read, type ReadFloors } from "../benchmarks/read-floors.ts";
import { table, withSpread } from "../table.ts";

const TITLES: Record<Read, { floor: string; hit: string }> = {
  list: { floor: "floor of a list: GET, MGET, the reply", hit: "list of 100 codes" },
  get: { floor: "floor of a code: MGET, the reply", hit: "get" },
};

export function readsReport({ connections, rounds, reads }: ReadFloors): string {
  const rows = READS.flatMap((read) =>
    (["floor", "hit"] as const).map((subject) => {
      const figures = reads[read][subject];
      return [
        TITLES[read][subject],
        withSpread(figures.perSecond),
        withSpread(figures.cpuMicros),
        withSpread(figures.p99),
        withSpread(figures.medianAtOne, 1_000),
      ];
    }),
  );
  const sentences = READS.map((read) => {
    const { timesFloor, shareOfFloor } = reads[read];
    return `a ${read} takes ${withSpread(timesFloor.cpuMicros)} times the CPU time of its floor, reaches
${withSpread(shareOfFloor, 100)} % of its rate and takes ${withSpread(timesFloor.medianAtOne)} times as long at one connection`;
  });
  return `${table(["", "a second", "CPU each, µs", "p99, ms", "median at one connection, µs"], rows)}

Round by round, ${sentences.join(";\n")}.

${connections} connections, medians of ${rounds} rounds of fresh processes that take turns. The floor is a bare server that sends the same
commands by ioredis and replies with the same bytes; it neither looks at a token nor checks or splices what it has read.`;
}
