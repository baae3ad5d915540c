import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Endpoints } from "./benchmarks/endpoints.ts";
import type { HitRate } from "./benchmarks/hit-rate.ts";
import type { Growth } from "./benchmarks/scale/growth.ts";
import type { ScanFloor } from "./benchmarks/scan-floor.ts";
import { BENCHMARK_NAMES, BENCHMARKS, type Benchmark, type BenchmarkName } from "./benchmarks.ts";
import { claimsReport, verdictOf } from "./report/claims.ts";
import { headlines } from "./report/headlines.ts";
import { hasResult, processorFolders, type Result, readResult, resultsOf } from "./results.ts";

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
  const sections = BENCHMARK_NAMES.flatMap((name) => {
    const { title, report } = BENCHMARKS[name] as Benchmark<unknown>;
    const tables = resultsOf(name).map(
      (kept) => `${sourceOf(kept)}\n\n${report(kept.result, `benchmarks/${kept.folder}`)}`,
    );
    return tables.length === 0 ? [] : [`## ${title}\n\n${tables.join("\n\n")}`];
  });
  return [...claims(), ...sections].join("\n\n");
}

/** Each table names the processor on which it holds. */
function sourceOf({ command, date, processor, machine }: Result<unknown>): string {
  return `**${processor}**, \`${command}\`, ${date}, ${machine}:`;
}

function claims(): string[] {
  const measured = processorsWith("endpoints", "delayed", "scan", "hit-rate");
  if (measured.length === 0) return [];
  const command = "npm run bench -- endpoints delayed scan hit-rate";
  const judged = measured.map((folder) => ({
    source: { ...readResult(folder, "endpoints"), command },
    ...claimsReport({
      near: readResult<Endpoints>(folder, "endpoints").result,
      delayed: readResult<Endpoints>(folder, "delayed").result,
      scan: readResult<ScanFloor>(folder, "scan").result,
      day: readResult<HitRate>(folder, "hit-rate").result,
    }),
  }));
  const tables = judged.map(({ source, text }) => `${sourceOf(source)}\n\n${text}`);
  const verdict = verdictOf(judged.map(({ source, missed }) => ({ processor: source.processor, missed })));
  return [["## Against the requirements", ...tables, verdict].join("\n\n")];
}

function headlinesText(): string {
  const measured = processorsWith("endpoints", "scan", "hit-rate", "scale");
  if (measured.length === 0) return "Nothing is measured yet.";
  const sources = measured.map((folder) => readResult<ScanFloor>(folder, "scan"));
  const lines = headlines(
    measured.map((folder, index) => ({
      processor: sources[index]?.processor ?? folder,
      scan: readResult<ScanFloor>(folder, "scan").result,
      near: readResult<Endpoints>(folder, "endpoints").result,
      day: readResult<HitRate>(folder, "hit-rate").result,
      growths: readResult<Growth[]>(folder, "scale").result,
    })),
  );
  const places = sources.map(({ processor, date, machine }) => `${processor}: ${date}, ${machine}.`);
  return [lines, ...places].join("\n\n");
}

/** The processors on which all of these were measured. */
function processorsWith(...names: BenchmarkName[]): string[] {
  return processorFolders().filter((folder) => names.every((name) => hasResult(folder, name)));
}
