import { createReadStream } from "node:fs";
import { lineOfCells } from "../../../core/csv/cells.ts";
import { restored } from "../../../core/csv/formula.ts";
import { readCsvStream, UnreadableCsv } from "../../../core/csv/read-stream.ts";
import { Failure } from "../parts/exit.ts";
import { SeenIds } from "./seen-ids.ts";

/** Most rows of a call, and most bytes of its body. */
export const MAX_ROWS = 10_000;
const MAX_BYTES = 4 * 1024 * 1024;

/** Bytes of the file that are read at once. */
const PIECE = 64 * 1024;

/** What the file of failed rows has beside the columns of the file: no field can have such a name. */
export const LINE_COLUMN = "import line";
export const PROBLEM_COLUMN = "import problem";
const OWN_COLUMNS = [LINE_COLUMN, PROBLEM_COLUMN];

/** A row of the file. */
export interface Row {
  /** Of the whole file, where it begins. */
  line: number;
  /** As a line of CSV, separated by commas. */
  text: string;
}

/** A row that is not sent: its ID stands further up. */
export interface RepeatedRow extends Row {
  firstLine: number;
}

/** Rows that are sent by one call. */
export interface Chunk {
  /** 0 for the first one. */
  index: number;
  /** As a line of CSV. */
  header: string;
  rows: Row[];
  repeated: RepeatedRow[];
  /** Rows of the file so far, with these. */
  rowsSoFar: number;
}

/**
 * Cuts a file into chunks, at the ends of its records. The same file is always cut in the same way. No more than a chunk is held, and
 * some 40 bytes for each ID.
 *
 * @throws Failure if it is no CSV file in UTF-8
 */
export async function* chunksOf(path: string, maxRows: number): AsyncGenerator<Chunk> {
  let reader: RowReader | undefined;
  let chunk: Chunk | undefined;
  let [bytes, index, rowsSoFar] = [0, 0, 0];
  try {
    for await (const records of readCsvStream(createReadStream(path, { highWaterMark: PIECE }), MAX_BYTES)) {
      for (const { line, cells } of records) {
        if (!reader) {
          reader = new RowReader(cells);
          continue;
        }
        const row = reader.read(line, cells);
        const size = escapedBytes(row.text) + 2;
        const isFull =
          chunk && (chunk.rows.length + chunk.repeated.length >= maxRows || bytes + size > MAX_BYTES);
        if (chunk && isFull) {
          yield chunk;
          chunk = undefined;
        }
        if (!chunk) {
          chunk = { index: index++, header: reader.header, rows: [], repeated: [], rowsSoFar };
          bytes = escapedBytes(reader.header) + 2;
        }
        if (bytes + size > MAX_BYTES)
          throw new UnreadableCsv({ line, reason: "has more bytes than a call may have" });
        if ("firstLine" in row) chunk.repeated.push(row);
        else {
          chunk.rows.push(row);
          bytes += size;
        }
        rowsSoFar += 1;
        chunk.rowsSoFar = rowsSoFar;
      }
    }
  } catch (error) {
    if (error instanceof UnreadableCsv) throw new Failure(`${path}, ${error.message}`, { cause: error });
    throw error;
  }
  if (chunk) yield chunk;
}

/** Bytes of a text within the JSON in which API Gateway hands a body to Lambda. */
const escapedBytes = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2;

/** The text of some rows as a body, and for each line of it on which a row begins, the row. */
export function bodyOf({ header, rows }: Pick<Chunk, "header" | "rows">): {
  body: string;
  rowAt: Map<number, Row>;
} {
  const rowAt = new Map<number, Row>();
  let line = 1 + linesIn(header);
  for (const row of rows) {
    rowAt.set(line, row);
    line += linesIn(row.text);
  }
  return { body: `${[header, ...rows.map(({ text }) => text)].join("\n")}\n`, rowAt };
}

/** Lines that a text takes in an editor. */
function linesIn(text: string): number {
  return text.split(/\r\n|\r|\n/).length;
}

/** Makes rows of records: without the columns that a file of failed rows has of its own. */
class RowReader {
  readonly header: string;
  readonly #own: Set<number>;
  readonly #idColumn: number;
  readonly #seen = new SeenIds();

  constructor(header: readonly string[]) {
    const named = header.map((cell) => cell.trim().toLowerCase());
    this.#own = new Set(named.flatMap((name, index) => (OWN_COLUMNS.includes(name) ? [index] : [])));
    this.#idColumn = named.indexOf("qrid");
    this.header = this.#line(header);
  }

  read(line: number, cells: readonly string[]): Row | RepeatedRow {
    const text = this.#line(cells);
    const id = this.#idColumn < 0 ? "" : restored(cells[this.#idColumn] ?? "").trim();
    const firstLine = id === "" ? undefined : this.#seen.lineBefore(id, line);
    return firstLine === undefined ? { line, text } : { line, text, firstLine };
  }

  #line(cells: readonly string[]): string {
    return lineOfCells(this.#own.size === 0 ? cells : cells.filter((_cell, index) => !this.#own.has(index)));
  }
}
