import type { ImportField } from "./fields.ts";
import type { FileRow } from "./read-file.ts";

/** Some rows of a file as the service takes them. */
export interface Chunk {
  csv: string;
  /** Which of the job's rows begins at a line of `csv`. */
  rowAt: Map<number, number>;
}

/** Fewer than a call may have: an answer in time on a slow connection, a bar that moves, and every failure named. */
const MAX_ROWS = 1_000;

/** A call may have 4 MiB. In UTF-16 units, of which each is three bytes at most. */
const MAX_LENGTH = 1_000_000;

/** Lays rows out as CSV, in parts that follow from the rows and fields alone. @param wanted indices of rows */
export function chunksOf(
  rows: readonly FileRow[],
  fields: readonly (ImportField | "")[],
  wanted: readonly number[],
): Chunk[] {
  const columns = fields.flatMap((field, column) => (field === "" ? [] : [column]));
  const header = lineOf(columns.map((column) => fields[column] ?? ""));
  const chunks: Chunk[] = [];
  let [chunk, line]: [Chunk | undefined, number] = [undefined, 1];
  for (const index of wanted) {
    const text = lineOf(columns.map((column) => rows[index]?.cells[column] ?? ""));
    if (!chunk || chunk.rowAt.size >= MAX_ROWS || chunk.csv.length + text.length > MAX_LENGTH) {
      chunk = { csv: header, rowAt: new Map() };
      chunks.push(chunk);
      line = 2;
    }
    chunk.rowAt.set(line, index);
    chunk.csv += text;
    line += text.match(/\r\n|\r|\n/g)?.length ?? 0;
  }
  return chunks;
}

const lineOf = (cells: readonly string[]) =>
  `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")}\r\n`;
