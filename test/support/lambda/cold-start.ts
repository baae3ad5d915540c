import { execFile } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { FunctionAsset } from "./assets.ts";

const run = promisify(execFile);

const MEASURE = join(import.meta.dirname, "measure.mjs");
const EMPTY = join(import.meta.dirname, "empty.mjs");

/** What a function's code weighs. Bytes are those of its modules: minified, without source maps. */
export interface Weight {
  /** Of what is loaded before the first invocation. */
  loadedAtStart: number;
  /** Of every module in the asset. */
  all: number;
  /** How much longer the asset's import takes than an empty module's: the median of `processes` fresh ones. */
  importMs: number;
}

/** Weighs an asset as its environment starts it. */
export async function weigh(
  asset: FunctionAsset,
  environment: Record<string, string>,
  processes = 5,
): Promise<Weight> {
  const started: Import[] = [];
  const empty: number[] = [];
  // In turns, so that whatever else the machine does weighs on both alike.
  for (let round = 0; round < processes; round++) {
    empty.push((await measure(EMPTY, {})).ms);
    started.push(await measure(join(asset.folder, "index.mjs"), environment));
  }
  return {
    loadedAtStart: bytesOf(started[0]?.files ?? []),
    all: bytesOf(modulesOf(asset)),
    importMs: median(started.map(({ ms }) => ms)) - median(empty),
  };
}

/** The asset's modules, each with its whole path. */
export function modulesOf({ folder }: FunctionAsset): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".mjs"))
    .map((name) => join(folder, name));
}

export function bytesOf(files: Iterable<string>): number {
  return [...files].reduce((sum, file) => sum + statSync(file).size, 0);
}

interface Import {
  ms: number;
  files: string[];
}

async function measure(file: string, env: Record<string, string>): Promise<Import> {
  const { stdout } = await run(process.execPath, [MEASURE, file], { env });
  return JSON.parse(stdout) as Import;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
