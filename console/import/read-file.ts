import { CsvError, parse } from "csv-parse/browser/esm/sync";

/** A row of the file. */
export interface FileRow {
  /** Of the file, where it begins: 1 is the first. */
  line: number;
  cells: string[];
}

export interface FileContent {
  header: string[];
  rows: FileRow[];
}

/** Why a file can't be read: by the parser's code at a line, or because it has no rows. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
  readonly line: number;
  constructor(line: number, reason: string) {
    super(reason);
    this.line = line;
  }
}

const DELIMITERS = [",", ";", "\t"];

/** Reads a CSV file by the rules of the service. Lines without any text are left out. @throws UnreadableFile */
export async function readFile(file: Blob): Promise<FileContent> {
  const text = textOf(await file.arrayBuffer());
  const lines = lineCounter(new TextEncoder().encode(text));
  const found: FileRow[] = [];
  let end = 0;
  try {
    parse(text, {
      delimiter: delimiterOf(text),
      // All three: found out from the first, a line break within quotes would be taken for the file's own.
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { bytes }: { bytes: number }) => {
        const line = lines(end);
        end = bytes;
        if (cells.some((cell) => cell.trim() !== "")) found.push({ line, cells });
        return null;
      },
    });
  } catch (error) {
    if (error instanceof CsvError) throw new UnreadableFile(lines(end), error.code);
    throw error;
  }
  const [header, ...rows] = found;
  if (!header || rows.length === 0) throw new UnreadableFile(1, "");
  const width = Math.max(...found.map(({ cells }) => cells.length));
  const names = Array.from({ length: width }, (_, column) => header.cells[column]?.trim() ?? "");
  return { header: names, rows };
}

/** UTF-8 or, as spreadsheets of Western Europe still write it, Windows-1252. Without a byte order mark. */
function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The separator that stands most often in the first line, outside of quotes. */
function delimiterOf(text: string): string {
  const [header = ""] = text.trimStart().split(/[\r\n]/, 1);
  const bare = header.replace(/"(?:[^"]|"")*"?/g, "");
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

const [LF, CR] = [10, 13];

/** Tells the line of what stands at an offset or, behind empty lines, next. Offsets never decrease. */
function lineCounter(bytes: Uint8Array): (offset: number) => number {
  let [line, seen] = [1, 0];
  const pass = () => {
    if (bytes[seen] === LF || (bytes[seen] === CR && bytes[seen + 1] !== LF)) line += 1;
    seen += 1;
  };
  return (offset) => {
    while (seen < offset) pass();
    while (bytes[seen] === LF || bytes[seen] === CR) pass();
    return line;
  };
}
