import { stringify } from "csv-stringify/sync";
import { defused } from "./formula.ts";
import { cellOfTexts } from "./tags.ts";

/** Tells a spreadsheet that the file is UTF-8. At the start of a file only. */
export const BYTE_ORDER_MARK = "\ufeff";

/** Line breaks of both kinds; a cell that ends in spaces; and what separates cells elsewhere. */
const NEEDS_QUOTES = /[\r\n\t;]|^\s|\s$/;

/**
 * Lines of a CSV file (https://www.rfc-editor.org/rfc/rfc4180), each ended by CRLF. An absent value is an empty cell, a
 * list of texts is one cell, any other object JSON. No cell is a formula.
 */
export function csvLines(rows: readonly (readonly unknown[])[]): string {
  return stringify(
    rows.map((row) => row.map((value) => defused(textOf(value)))),
    { record_delimiter: "\r\n", quoted_match: NEEDS_QUOTES },
  );
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value) && value.every((entry) => typeof entry === "string")) return cellOfTexts(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
