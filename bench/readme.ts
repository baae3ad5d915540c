import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Endpoints } from "./benchmarks/endpoints.ts";
import type { HitRate } from "./benchmarks/hit-rate.ts";
import type { ScanFloor } from "./benchmarks/scan-floor.ts";
import { BENCHMARK_NAMES, BENCHMARKS, type Benchmark } from "./benchmarks.ts";
import { claimsReport } from "./report/claims.ts";
import { hasResult, readResult } from "./results.ts";

const README = join(import.meta.dirname, "../README.md");
const BEGIN = "<!-- What `npm run bench` measured: written by it. -->";
const END = "<!-- End of what was measured. -->";

/** Puts what was measured last into the README, between the two comments that mark its place. */
export function updateReadme(): void {
  writeFileSync(README, withMeasurements(readFileSync(README, "utf8")));
}

/** @throws Error if the text has no place for them */
export function withMeasurements(readme: string): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md lacks the comments\n${BEGIN}\n${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${measurements()}\n\n${readme.slice(end)}`;
}

function measurements(): string {
  const sections = BENCHMARK_NAMES.filter(hasResult).map((name) => {
    const { title, report } = BENCHMARKS[name] as Benchmark<unknown>;
    const { command, date, machine, result } = readResult(name);
    return `### ${title}\n\n\`${command}\`, ${date}, ${machine}:\n\n${report(result)}`;
  });
  return [...claims(), ...sections].join("\n\n");
}

function claims(): string[] {
  if (!["endpoints", "delayed", "scan", "hit-rate"].every(hasResult)) return [];
  const table = claimsReport({
    near: readResult<Endpoints>("endpoints").result,
    delayed: readResult<Endpoints>("delayed").result,
    scan: readResult<ScanFloor>("scan").result,
    day: readResult<HitRate>("hit-rate").result,
  });
  const { date, machine } = readResult("endpoints");
  return [
    `### What the service before this one claimed\n\n\`npm run bench -- endpoints delayed scan hit-rate\`, ${date}, ${machine}:\n\n${table}`,
  ];
}
