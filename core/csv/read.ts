import { CsvError, parse } from "csv-parse/sync";
import { type CsvFile, reading } from "./reading.ts";

/**
 * Reads a CSV file: cells separated by commas, semicolons or tabs, whichever its header has most of; quotes, line breaks
 * within them, LF, CRLF or CR, and a byte order mark. Lines without text, those of separators alone among them, are left
 * out. Lines may have any number of cells.
 *
 * @param maxRecords the first so many lines are read
 */
export function readCsv(text: string, maxRecords = Number.POSITIVE_INFINITY): CsvFile {
  const { bytes, file, options } = reading(text);
  try {
    parse(bytes, { ...options, ...(Number.isFinite(maxRecords) ? { to: maxRecords } : {}) });
    return file;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { ...file, fault: { line: options.nextLine(), reason: error.code } };
  }
}
