import { type CsvError, parse } from "csv-parse";
import { type CsvFault, delimiterOf, isBlank, PARSING } from "./reading.ts";

/** A record of a file that is read piece by piece. */
export interface StreamedRecord {
  /** Where it begins: 1 is the first line of the file. */
  line: number;
  /** As they stand in the file, without their quotes: not `restored`. */
  cells: string[];
}

/** A file that can't be read to its end. */
export class UnreadableCsv extends Error {
  override readonly name = "UnreadableCsv";
  readonly fault: CsvFault;

  constructor(fault: CsvFault, options?: ErrorOptions) {
    super(`line ${fault.line}: ${fault.reason}`, options);
    this.fault = fault;
  }
}

const MARK = [0xef, 0xbb, 0xbf];

/**
 * Reads a CSV file as `readCsv` does, but holds no more of it than a piece and the record that the piece ends in.
 *
 * @param pieces the file's bytes, in any lengths
 * @param maxRecordBytes a record that is longer is one whose quotation mark was never closed, or of no use
 * @throws UnreadableCsv naming the line, after all records before it
 */
export async function* readCsvStream(
  pieces: AsyncIterable<Uint8Array>,
  maxRecordBytes: number,
): AsyncGenerator<StreamedRecord[]> {
  const lines = new LineCounter();
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  let records: StreamedRecord[] = [];
  let [end, failure] = [0, undefined as Error | undefined];
  let stream: ReturnType<typeof parse> | undefined;
  const open = (first: Uint8Array) => {
    const parser = parse({
      ...PARSING,
      delimiter: delimiterOf(Buffer.from(first).toString()),
      max_record_size: maxRecordBytes,
      on_record: (cells: string[], { bytes }) => {
        if (!isBlank(cells)) records.push({ line: lines.at(end), cells });
        end = bytes;
        return null;
      },
    });
    parser.on("error", (error) => {
      failure = error;
    });
    return parser.resume();
  };
  const fault = (reason: string, cause: unknown) =>
    new UnreadableCsv({ line: lines.at(end), reason }, { cause });

  for await (const piece of withoutMark(pieces)) {
    let badText: unknown;
    try {
      utf8.decode(piece, { stream: true });
    } catch (error) {
      badText = error;
    }
    if (badText) throw fault("is not in UTF-8, or the lines after it", badText);
    const parser = stream ?? open(piece);
    stream = parser;
    lines.add(piece);
    await new Promise<void>((sent) => parser.write(piece, () => sent()));
    yield records;
    records = [];
    if (failure) throw fault(reasonOf(failure as CsvError), failure);
  }
  if (!stream) return;
  const ending = stream;
  await new Promise<void>((ended) => {
    ending.once("error", () => ended());
    ending.once("end", ended);
    ending.end();
  });
  yield records;
  if (failure) throw fault(reasonOf(failure as CsvError), failure);
}

function reasonOf({ code }: CsvError): string {
  if (code === "CSV_QUOTE_NOT_CLOSED" || code === "CSV_MAX_RECORD_SIZE")
    return "a quotation mark is not closed there, or further down";
  return `is not CSV (${code})`;
}

/** Without the byte order mark; the first piece is as long as a header, unless the file is shorter. */
async function* withoutMark(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const piece of pieces) {
    const hasMark = isFirst && MARK.every((byte, index) => piece[index] === byte);
    isFirst = false;
    const bytes = hasMark ? piece.subarray(MARK.length) : piece;
    if (bytes.byteLength > 0) yield bytes;
  }
}

const [LF, CR] = [10, 13];

/** Counts the lines of bytes that come in pieces, as an editor does, from offset to offset. */
class LineCounter {
  #line = 1;
  #offset = 0;
  #wasReturn = false;
  readonly #pieces: Uint8Array[] = [];
  #within = 0;

  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
  }

  /** The line of what stands at the offset or, behind empty lines, next. Offsets never decrease. */
  at(offset: number): number {
    for (;;) {
      const byte = this.#next();
      const isBreak = byte === LF || byte === CR;
      if (byte === undefined || (this.#offset >= offset && !isBreak)) return this.#line;
      if (byte === CR || (byte === LF && !this.#wasReturn)) this.#line += 1;
      this.#wasReturn = byte === CR;
      this.#offset += 1;
      this.#within += 1;
    }
  }

  #next(): number | undefined {
    const [first] = this.#pieces;
    if (first && this.#within >= first.byteLength) {
      this.#pieces.shift();
      this.#within = 0;
      return this.#next();
    }
    return first?.[this.#within];
  }
}
