import type { Options } from "csv-parse";
import { restored } from "./formula.ts";
import { BYTE_ORDER_MARK } from "./write.ts";

/** A line of a CSV file, which may span several lines of its text. */
export interface CsvRecord {
  /** Where it begins: 1 is the first line of the text. */
  line: number;
  /** As they were before `csvLines` defused them. */
  cells: string[];
}

/** Where a text stops being CSV: the record that begins at `line` is none, by the parser's code for it. */
export interface CsvFault {
  line: number;
  reason: string;
}

export interface CsvFile {
  /** The first of them is the header. */
  records: CsvRecord[];
  delimiter: string;
  /** Set if the text can't be read to its end; `records` are those before. */
  fault?: CsvFault;
}

/** How the parser reads a file. */
export const PARSING = {
  // All three: found out from the first, a line break within quotes would be taken for the file's own.
  record_delimiter: ["\r\n", "\n", "\r"],
  relax_column_count: true,
  // A quote within a cell that has none around it, as the seconds of an angle, is a quote.
  relax_quotes: true,
  skip_empty_lines: true,
} satisfies Options;

/** Whether a line has no text: a spreadsheet writes an empty one as separators alone. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === "");
}

/** Comma first: it is what a header of one column has. */
const DELIMITERS = [",", ";", "\t"];

/** What both readers give the parser, and what it fills. */
export function reading(text: string) {
  const bytes = Buffer.from(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  const delimiter = delimiterOf(text);
  const file: CsvFile = { records: [], delimiter };
  const lines = lineCounter(bytes);
  let end = 0;
  const options = {
    ...PARSING,
    delimiter,
    on_record: (cells: string[], context: { bytes: number }) => {
      if (!isBlank(cells)) file.records.push({ line: lines.at(end), cells: cells.map(restored) });
      end = context.bytes;
      return null;
    },
    /** Where the record behind those that were read begins. */
    nextLine: () => lines.at(end),
  } satisfies Options & { nextLine(): number };
  return { bytes, file, options };
}

const [LF, CR] = [10, 13];

/** Counts lines as an editor does, from offset to offset: the parser takes a CRLF within quotes for two. */
function lineCounter(bytes: Uint8Array): { at(offset: number): number } {
  let [line, seen] = [1, 0];
  const pass = () => {
    const isBreak = bytes[seen] === LF || (bytes[seen] === CR && bytes[seen + 1] !== LF);
    if (isBreak) line += 1;
    seen += 1;
  };
  return {
    /** The line of what stands at the offset or, behind empty lines, next. Offsets never decrease. */
    at(offset) {
      while (seen < offset) pass();
      while (bytes[seen] === LF || bytes[seen] === CR) pass();
      return line;
    },
  };
}

/** The separator that stands most often in the first line, outside of quotes. */
export function delimiterOf(text: string): string {
  const [header = ""] = text.replace(/^\ufeff?[\r\n]*/, "").split(/[\r\n]/, 1);
  const bare = header.replace(/"(?:[^"]|"")*"?/g, "");
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}
