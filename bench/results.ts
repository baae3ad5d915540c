import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeMachine, processorName, slugOf } from "./machine.ts";

export const RESULTS_FOLDER = join(import.meta.dirname, "../docs/benchmarks");

/** What a benchmark measured, and where and how. */
export interface Result<T> {
  command: string;
  /** ISO 8601, of the day. */
  date: string;
  /** Results of other processors stand beside this one's, and are kept. */
  processor: string;
  /** What else the machine is, in one line. */
  machine: string;
  result: T;
}

/** The folders of results, one for each processor, below `RESULTS_FOLDER`. */
export function processorFolders(): string[] {
  return readdirSync(RESULTS_FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

export function hasResult(folder: string, name: string): boolean {
  return existsSync(fileOf(folder, name));
}

/** @throws Error if it was not measured on that processor yet */
export function readResult<T>(folder: string, name: string): Result<T> {
  return JSON.parse(readFileSync(fileOf(folder, name), "utf8"));
}

/** Of each processor on which it was measured. */
export function resultsOf<T>(name: string): (Result<T> & { folder: string })[] {
  return processorFolders()
    .filter((folder) => hasResult(folder, name))
    .map((folder) => ({ folder, ...readResult<T>(folder, name) }));
}

/** Keeps what was measured on this machine, in place of what was measured on the same processor before. */
export function writeResult<T>(name: string, result: T): void {
  const processor = processorName();
  const folder = slugOf(processor);
  mkdirSync(join(RESULTS_FOLDER, folder), { recursive: true });
  const whole: Result<T> = {
    command: `npm run bench -- ${name}`,
    date: new Date().toISOString().slice(0, 10),
    processor,
    machine: describeMachine(),
    result,
  };
  // Digits beyond the fourth are noise.
  const rounded = JSON.stringify(whole, (_key, value) =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value,
  );
  writeFileSync(fileOf(folder, name), `${rounded}\n`);
}

const fileOf = (folder: string, name: string) => join(RESULTS_FOLDER, folder, `${name}.json`);
