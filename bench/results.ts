import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeMachine } from "./machine.ts";

export const RESULTS_FOLDER = join(import.meta.dirname, "../docs/benchmarks");

/** What a benchmark measured, and where and how. */
export interface Result<T> {
  command: string;
  /** ISO 8601, of the day. */
  date: string;
  machine: string;
  result: T;
}

export function hasResult(name: string): boolean {
  return existsSync(fileOf(name));
}

/** @throws Error if it was not measured yet */
export function readResult<T>(name: string): Result<T> {
  return JSON.parse(readFileSync(fileOf(name), "utf8"));
}

export function writeResult<T>(name: string, result: T): void {
  mkdirSync(RESULTS_FOLDER, { recursive: true });
  const whole: Result<T> = {
    command: `npm run bench -- ${name}`,
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    result,
  };
  // Digits beyond the fourth are noise.
  const rounded = JSON.stringify(whole, (_key, value) =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value,
  );
  writeFileSync(fileOf(name), `${rounded}\n`);
}

const fileOf = (name: string) => join(RESULTS_FOLDER, `${name}.json`);
