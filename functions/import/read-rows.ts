import { Invalid } from "../../core/errors.ts";
import type { Pause } from "../http/in-turns.ts";
import type { RowFailure } from "../http/rows-failed.ts";
import { columnsOf, type GivenRow, valuesOf } from "./csv-cells.ts";
import { MAX_ROWS } from "./schema.ts";

/** The rows of a body, unchecked, and those that can't be read. */
export interface GivenRows {
  rows: GivenRow[];
  failures: RowFailure[];
}

/**
 * The rows of a CSV file, whose first line names the fields.
 *
 * @throws Invalid if it is no CSV, names what is no field, or has no rows or too many
 */
export async function rowsOfCsv(text: string, pause: Pause): Promise<GivenRows> {
  // JSON does without the parser.
  const { readCsvInTurns } = await import("../../core/csv/read-in-turns.ts");
  const { records, fault } = await readCsvInTurns(text, MAX_ROWS + 2, async () => pause());
  if (fault)
    throw new Invalid([{ path: "body", message: `line ${fault.line} is not CSV (${fault.reason})` }]);
  const [header, ...lines] = records;
  checkCount(lines.length);
  const columns = columnsOf(header?.cells ?? []);
  const failures: RowFailure[] = [];
  const rows: GivenRow[] = [];
  for (const { line, cells } of lines) {
    const { values, errors } = valuesOf(columns, cells);
    for (const error of errors) failures.push({ line, ...error });
    if (errors.length === 0) rows.push({ line, values });
    await pause();
  }
  return { rows, failures };
}

/**
 * The rows of a JSON body, `{codes: […]}`.
 *
 * @throws Invalid if it is none, or has no rows or too many
 */
export function rowsOfJson(text: string): GivenRows {
  const { codes, ...others } = objectOf(text);
  for (const path of Object.keys(others)) throw new Invalid([{ path, message: "is not a known field" }]);
  if (!Array.isArray(codes)) throw new Invalid([{ path: "codes", message: "must be an array" }]);
  checkCount(codes.length);
  return { rows: codes.map((values: unknown, index) => ({ line: index + 1, values })), failures: [] };
}

function objectOf(text: string): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new Invalid([{ path: "body", message: "is not well-formed JSON" }], { cause: error });
  }
  if (typeof body === "object" && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw new Invalid([{ path: "body", message: "must be a JSON object" }]);
}

function checkCount(rows: number): void {
  if (rows > MAX_ROWS) throw new Invalid([{ path: "body", message: `must hold at most ${MAX_ROWS} rows` }]);
  if (rows === 0) throw new Invalid([{ path: "body", message: "must hold at least one row" }]);
}
