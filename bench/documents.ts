import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Endpoints } from "./benchmarks/endpoints.ts";
import type { HitRate } from "./benchmarks/hit-rate.ts";
import type { Growth } from "./benchmarks/scale/growth.ts";
import type { ScanFloor } from "./benchmarks/scan-floor.ts";
import { BENCHMARK_NAMES, BENCHMARKS, type Benchmark, type BenchmarkName } from "./benchmarks.ts";
import { claimsReport } from "./report/claims.ts";
import { headlines } from "./report/headlines.ts";
import { hasResult, readResult } from "./results.ts";

const BEGIN = "<!-- What `npm run bench` measured: written by it. -->";
const END = "<!-- End of what was measured. -->";

/** What stands between the two comments of each document. */
const DOCUMENTS: Record<string, () => string> = {
  "README.md": headlinesText,
  "docs/measured.md": measurements,
};

/** The documents that show figures, from the root of the project. */
export const MEASURED_DOCUMENTS = Object.keys(DOCUMENTS);

/** Puts what was measured last into each document, between the two comments that mark its place. */
export function updateDocuments(): void {
  for (const name of MEASURED_DOCUMENTS)
    writeFileSync(pathOf(name), withMeasurements(name, readDocument(name)));
}

export function readDocument(name: string): string {
  return readFileSync(pathOf(name), "utf8");
}

/** @throws Error if the text has no place for them */
export function withMeasurements(name: string, text: string): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${name} lacks the comments\n${BEGIN}\n${END}`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${DOCUMENTS[name]?.()}\n\n${text.slice(end)}`;
}

const pathOf = (name: string) => join(import.meta.dirname, "..", name);

function measurements(): string {
  const sections = BENCHMARK_NAMES.filter(hasResult).map((name) => {
    const { title, report } = BENCHMARKS[name] as Benchmark<unknown>;
    const { command, date, machine, result } = readResult(name);
    return `## ${title}\n\n\`${command}\`, ${date}, ${machine}:\n\n${report(result)}`;
  });
  return [...claims(), ...sections].join("\n\n");
}

function claims(): string[] {
  if (!allMeasured("endpoints", "delayed", "scan", "hit-rate")) return [];
  const table = claimsReport({
    near: readResult<Endpoints>("endpoints").result,
    delayed: readResult<Endpoints>("delayed").result,
    scan: readResult<ScanFloor>("scan").result,
    day: readResult<HitRate>("hit-rate").result,
  });
  const { date, machine } = readResult("endpoints");
  return [
    `## Against the requirements\n\n\`npm run bench -- endpoints delayed scan hit-rate\`, ${date}, ${machine}:\n\n${table}`,
  ];
}

function headlinesText(): string {
  if (!allMeasured("endpoints", "scan", "hit-rate", "scale")) return "Nothing is measured yet.";
  const { machine, date, result: scan } = readResult<ScanFloor>("scan");
  const lines = headlines({
    scan,
    near: readResult<Endpoints>("endpoints").result,
    day: readResult<HitRate>("hit-rate").result,
    growths: readResult<Growth[]>("scale").result,
  });
  return `${lines}\n\n${date}, ${machine}.`;
}

const allMeasured = (...names: BenchmarkName[]) => names.every(hasResult);
