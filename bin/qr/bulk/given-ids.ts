import { createReadStream } from "node:fs";
import { restored } from "../../../core/csv/formula.ts";
import { readCsvStream, UnreadableCsv } from "../../../core/csv/read-stream.ts";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { Failure } from "../parts/exit.ts";
import { givenPath } from "../parts/paths.ts";

/** A line that is longer is none of a list of IDs. */
const MAX_LINE_BYTES = 64 * 1024;

/**
 * The IDs that a command was given, each once, in their order: its arguments, and what a file names. Of a CSV file with a
 * column `qrId`, as `export` writes it, that column counts, of any other file the first cell of each line.
 *
 * @throws Failure if there are none, or the file is no text in UTF-8
 */
export async function givenIds(
  env: EnvSource,
  args: readonly string[],
  from: string | undefined,
): Promise<string[]> {
  const ids = new Set(args);
  if (from !== undefined) for await (const id of idsOf(givenPath(env, from))) ids.add(id);
  if (ids.size === 0)
    throw new Failure(
      from === undefined ? "name at least one code, or a file with --from" : `${from} names no code`,
    );
  return [...ids];
}

async function* idsOf(path: string): AsyncGenerator<string> {
  let column: number | undefined;
  try {
    for await (const records of readCsvStream(createReadStream(path), MAX_LINE_BYTES)) {
      for (const { cells } of records) {
        if (column === undefined) {
          const named = cells.findIndex((cell) => cell.trim().toLowerCase() === "qrid");
          column = Math.max(0, named);
          if (named >= 0) continue;
        }
        const id = restored(cells[column] ?? "").trim();
        if (id !== "") yield id;
      }
    }
  } catch (error) {
    if (error instanceof UnreadableCsv) throw new Failure(`${path}, ${error.message}`, { cause: error });
    throw error;
  }
}
