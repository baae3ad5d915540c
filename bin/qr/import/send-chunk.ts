import {
  type ImportedCode,
  type ImportQuery,
  type ImportReport,
  type QrClient,
  QrServiceError,
  type RowFailure,
} from "../../../clients/typescript/src/index.ts";
import { bodyOf, type Chunk, type Row } from "./chunks.ts";
import type { Counts } from "./counts.ts";

/** A row that did not go in. */
export interface FailedRow extends Row {
  problems: { path: string; message: string }[];
}

/** What became of a chunk. */
export interface ChunkOutcome {
  counts: Counts;
  /** By line. */
  failed: FailedRow[];
  results: { line: number; qrId: string | null; result: ImportedCode["result"] }[];
}

const UNNAMED = { path: "row", message: "failed, and would be taken now" };

/**
 * Sends the rows of a chunk that no earlier row has the ID of. Refused whole, in the mode that imports all or none, its
 * outcome has no results.
 *
 * @param key absent in a dry run
 */
export async function sendChunk(
  client: QrClient,
  chunk: Chunk,
  query: ImportQuery,
  key: string | undefined,
): Promise<ChunkOutcome> {
  const repeated: FailedRow[] = chunk.repeated.map(({ firstLine, ...row }) => ({
    ...row,
    problems: [{ path: "qrId", message: `is also that of line ${firstLine}` }],
  }));
  const sent = await send(client, chunk, query, key);
  const failed = [...repeated, ...(await withReasons(client, chunk.header, sent.failed, query))];
  failed.sort((one, other) => one.line - other.line);
  return { ...sent, failed, counts: { ...sent.counts, failed: failed.length } };
}

async function send(
  client: QrClient,
  chunk: Pick<Chunk, "header" | "rows">,
  query: ImportQuery,
  key: string | undefined,
): Promise<ChunkOutcome> {
  const none = { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 };
  if (chunk.rows.length === 0) return { counts: none, failed: [], results: [] };
  const { body, rowAt } = bodyOf(chunk);
  const report = await reportOf(client, body, query, key);
  const results = report.codes.flatMap(({ line, qrId, result }) => {
    const row = rowAt.get(line);
    rowAt.delete(line);
    return row ? [{ line: row.line, qrId, result }] : [];
  });
  const problems = new Map<number, FailedRow["problems"]>();
  for (const { line = 0, path, message } of report.failures)
    problems.set(line, [...(problems.get(line) ?? []), { path, message }]);
  // Those that are left did not go in. Refused whole, only what is named failed.
  const failed = [...rowAt]
    .filter(([line]) => !report.isRefused || problems.has(line))
    .map(([line, row]) => ({ ...row, problems: problems.get(line) ?? [] }));
  const { created, updated, unchanged, skipped } = report;
  return { counts: { created, updated, unchanged, skipped, failed: failed.length }, failed, results };
}

async function reportOf(
  client: QrClient,
  body: string,
  query: ImportQuery,
  key: string | undefined,
): Promise<ImportReport & { isRefused?: true }> {
  try {
    return await client.importCsv(body, query, key);
  } catch (error) {
    if (!(error instanceof QrServiceError) || !error.problem?.failures) throw error;
    const { failures, failed = failures.length } = error.problem;
    const none = { rows: 0, created: 0, updated: 0, unchanged: 0, skipped: 0 };
    return { ...none, dryRun: false, failed, failures: failures as RowFailure[], codes: [], isRefused: true };
  }
}

/** A reply names the first 1,000 failures; the reasons of the rest are asked for by dry runs. */
async function withReasons(
  client: QrClient,
  header: string,
  failed: readonly FailedRow[],
  query: ImportQuery,
): Promise<FailedRow[]> {
  const named = failed.filter(({ problems }) => problems.length > 0);
  let unnamed = failed.filter(({ problems }) => problems.length === 0);
  while (unnamed.length > 0) {
    const dryRun: ImportQuery = { ...query, mode: "partial", dryRun: "true" };
    const again = await send(client, { header, rows: unnamed }, dryRun, undefined);
    const found = new Map(again.failed.map((row) => [row.line, row.problems]));
    const isOver = again.failed.every(({ problems }) => problems.length === 0);
    const before = unnamed;
    unnamed = isOver ? [] : before.filter(({ line }) => found.get(line)?.length === 0);
    const still = new Set(unnamed.map(({ line }) => line));
    for (const row of before) {
      if (still.has(row.line)) continue;
      const problems = found.get(row.line) ?? [];
      named.push({ ...row, problems: problems.length > 0 ? problems : [UNNAMED] });
    }
  }
  return named;
}
