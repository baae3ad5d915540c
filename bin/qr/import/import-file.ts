import { statSync } from "node:fs";
import type { ImportQuery, QrClient } from "../../../clients/typescript/src/index.ts";
import { lineOfCells } from "../../../core/csv/cells.ts";
import { Failure } from "../parts/exit.ts";
import type { Progress } from "../parts/progress.ts";
import { type Chunk, chunksOf, LINE_COLUMN, PROBLEM_COLUMN } from "./chunks.ts";
import { addCounts, type Counts, noCounts } from "./counts.ts";
import type { Identity, Journal } from "./journal.ts";
import { RowFile } from "./row-file.ts";
import { type ChunkOutcome, type FailedRow, sendChunk } from "./send-chunk.ts";

export interface ImportOptions {
  path: string;
  chunkRows: number;
  query: ImportQuery;
  /** Where failed rows go. */
  failedPath: string;
  /** Where the ID of each row goes; nowhere without it. */
  resultsPath: string | undefined;
}

export interface Watcher {
  progress: Progress;
  /** Rows of the file. */
  total: number;
  onFailedRow(row: FailedRow): void;
}

const RESULT_HEADER = "line,qrId,result";

/**
 * Imports a file chunk by chunk, from where the journal says. In the mode that imports all or none it stops behind the first chunk that is
 * refused.
 *
 * @param journal none in a dry run
 * @throws Failure if the file is changed meanwhile
 */
export async function importFile(
  client: QrClient,
  options: ImportOptions,
  { progress, total, onFailedRow }: Watcher,
  resumable?: { journal: Journal; identity: Identity },
): Promise<Counts> {
  const { path, chunkRows, query, failedPath, resultsPath } = options;
  const { journal, identity } = resumable ?? {};
  const checkUnchanged = changeDetector(path);
  const start = journal?.position;
  const skipped = start?.chunks ?? 0;
  let counts = start?.counts ?? noCounts();
  let files: { failed: RowFile; results: RowFile | undefined } | undefined;
  for await (const chunk of chunksOf(path, chunkRows)) {
    progress.update(chunk.rowsSoFar - chunk.rows.length - chunk.repeated.length, total);
    if (chunk.index < skipped) continue;
    files ??= {
      failed: new RowFile(failedPath, failedHeader(chunk), start?.failedBytes ?? 0),
      results:
        resultsPath === undefined
          ? undefined
          : new RowFile(resultsPath, RESULT_HEADER, start?.resultBytes ?? 0),
    };
    checkUnchanged();
    journal?.sending(chunk.index);
    const key =
      identity && journal?.keyOf(identity, chunk.index, chunk.rows.map(({ text }) => text).join("\n"));
    const outcome = await sendChunk(client, chunk, query, key);
    counts = addCounts(counts, outcome.counts);
    files.failed.add(outcome.failed.map(failedLine));
    files.results?.add(resultLines(outcome));
    for (const row of outcome.failed) onFailedRow(row);
    if (query.mode === "atomic" && !query.dryRun && outcome.failed.length > 0) break;
    journal?.done({
      chunks: chunk.index + 1,
      rows: chunk.rowsSoFar,
      counts,
      failedBytes: files.failed.bytes,
      resultBytes: files.results?.bytes ?? 0,
    });
    progress.update(chunk.rowsSoFar, total);
  }
  files?.failed.close();
  files?.results?.close();
  return counts;
}

/** The columns of its own come first: behind them a row may have too few cells, or too many. */
function failedHeader({ header }: Chunk): string {
  return `${lineOfCells([LINE_COLUMN, PROBLEM_COLUMN])},${header}`;
}

function failedLine({ text, line, problems }: FailedRow): string {
  return `${lineOfCells([String(line), problemText(problems)])},${text}`;
}

export function problemText(problems: FailedRow["problems"]): string {
  return problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
}

function resultLines({ results }: ChunkOutcome): string[] {
  return results.map(({ line, qrId, result }) => lineOfCells([String(line), qrId ?? "", result]));
}

/**
 * Reads a file to its end, so that what is no CSV is found before anything is sent.
 *
 * @throws Failure if it is none, or has no rows
 */
export async function countRows(path: string, chunkRows: number): Promise<number> {
  let rows = 0;
  for await (const chunk of chunksOf(path, chunkRows)) rows = chunk.rowsSoFar;
  if (rows === 0)
    throw new Failure(`${path} has no rows: its first line names the fields, each other one is a code`);
  return rows;
}

/** @returns throws once the file is another one than now */
function changeDetector(path: string): () => void {
  const { size, mtimeMs } = statSync(path);
  return () => {
    const now = statSync(path);
    if (now.size !== size || now.mtimeMs !== mtimeMs)
      throw new Failure(
        `${path} was changed while it was imported: undo the change, and run the same command again`,
      );
  };
}
