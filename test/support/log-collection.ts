import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findSecrets } from "./secrets-detectors.ts";

/*
 * Every log line of a run, from all its processes, in one folder: each process writes a file of its own.
 */

const LINES = ".lines.jsonl";
const SECRETS = ".secrets.jsonl";

/** A line of a log, and the test file that had it written. */
export interface CollectedLine {
  suite: string;
  line: string;
}

export interface LogCollector {
  add(collected: CollectedLine): void;
  /** Tells a value that no line may hold. */
  addSecret(value: string): void;
}

/** Collects for this process. */
export function logCollector(folder: string): LogCollector {
  const append = (kind: string, value: unknown) =>
    appendFileSync(join(folder, `${process.pid}${kind}`), `${JSON.stringify(value)}\n`);
  return {
    add: (collected) => append(LINES, collected),
    addSecret: (value) => append(SECRETS, value),
  };
}

export interface Leak extends CollectedLine {
  kinds: string[];
}

export interface LogReport {
  lines: number;
  leaks: Leak[];
}

/** Reads all that was collected, and tells which lines give something away. */
export function checkLogs(folder: string): LogReport {
  const known = new Set(readAll<string>(folder, SECRETS));
  const lines = readAll<CollectedLine>(folder, LINES);
  const leaks = lines.flatMap((collected) => {
    const kinds = findSecrets(collected.line, known);
    return kinds.length > 0 ? [{ ...collected, kinds }] : [];
  });
  return { lines: lines.length, leaks };
}

function readAll<T>(folder: string, kind: string): T[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(kind))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n"))
    .map((line) => JSON.parse(line) as T);
}
