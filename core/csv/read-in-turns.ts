import { type CsvError, parse as parser } from "csv-parse";
import { type CsvFile, reading } from "./reading.ts";

/** Bytes that are read at once: some 2 ms of work. */
const CHUNK = 32 * 1024;

/**
 * `readCsv` in small pieces, for a process that has other work to do between them.
 *
 * @param maxRecords somewhat more may be read
 * @param pause lets the other work run
 */
export async function readCsvInTurns(
  text: string,
  maxRecords: number,
  pause: () => Promise<unknown>,
): Promise<CsvFile> {
  const { bytes, file, options } = reading(text);
  const stream = parser(options);
  let failure: Error | undefined;
  stream.on("error", (error) => {
    failure = error;
  });
  const send = (chunk: Uint8Array) => new Promise<void>((sent) => stream.write(chunk, () => sent()));
  for (let start = 0; start < bytes.length && file.records.length < maxRecords; start += CHUNK) {
    await send(bytes.subarray(start, start + CHUNK));
    if (failure) break;
    await pause();
  }
  if (!failure && file.records.length < maxRecords) {
    // Nothing is read from the stream, which ends all the same once it is resumed.
    await new Promise<void>((ended) => {
      stream.once("error", () => ended());
      stream.once("end", ended);
      stream.resume();
      stream.end();
    });
  }
  stream.destroy();
  if (!failure) return file;
  return { ...file, fault: { line: options.nextLine(), reason: (failure as CsvError).code } };
}
