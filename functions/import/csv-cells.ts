import type { FieldName } from "../../core/code/field-types.ts";
import { CODE_FIELDS } from "../../core/code/fields.ts";
import { SETTABLE_FIELDS } from "../../core/code/qr-code.ts";
import { replyFields } from "../../core/code/reply-fields.ts";
import { textsOfCell } from "../../core/csv/tags.ts";
import { type FieldError, Invalid } from "../../core/errors.ts";

/** One row, unchecked. */
export interface GivenRow {
  line: number;
  values: unknown;
}

/** A column's field, or none where it is one that an export has and the service alone decides. */
type Column = FieldName | undefined;

const TAKEN: readonly FieldName[] = ["qrId", ...SETTABLE_FIELDS];

/** What an export shows beside that: an exported file comes back as it is. */
const SHOWN = Object.keys(replyFields()).filter((name) => !TAKEN.includes(name as FieldName));

const byLowerCase = (names: readonly string[]) => new Map(names.map((name) => [name.toLowerCase(), name]));
const TAKEN_BY_NAME = byLowerCase(TAKEN) as Map<string, FieldName>;
const SHOWN_BY_NAME = byLowerCase(SHOWN);

/** Fields that may be set again, for which an empty cell stands for the default rather than for "as it is". */
const RESET = new Set<FieldName>(
  SETTABLE_FIELDS.filter((name) => {
    const { setBy, ...field } = CODE_FIELDS[name];
    return "default" in field && setBy.length > 1;
  }),
);

/**
 * What the columns of a file hold, by its header. Letter case and spaces around a name don't matter.
 *
 * @throws Invalid naming each column that is no field of a code, or is there twice
 */
export function columnsOf(header: readonly string[]): Column[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  const columns = header.map((cell) => {
    const name = cell.trim().toLowerCase();
    const field = TAKEN_BY_NAME.get(name);
    if (!field && !SHOWN_BY_NAME.has(name))
      errors.push({ path: cell.trim() || "header", message: "is not a known field" });
    if (seen.has(name)) errors.push({ path: cell.trim(), message: "must be one column" });
    seen.add(name);
    return field;
  });
  if (errors.length > 0) throw new Invalid(errors);
  return columns;
}

/** The values of a line's cells, as JSON would have them. A cell that is missing at the end is empty. */
export function valuesOf(
  columns: readonly Column[],
  cells: readonly string[],
): { values: Record<string, unknown>; errors: FieldError[] } {
  const values: Record<string, unknown> = {};
  const errors: FieldError[] = [];
  if (cells.length > columns.length)
    errors.push({ path: "row", message: `has ${cells.length} cells, and the header ${columns.length}` });
  for (const [index, name] of columns.entries()) {
    if (name === undefined) continue;
    const cell = cells[index] ?? "";
    const value = cell === "" ? emptyOf(name) : ofCell(name, cell);
    if (value === undefined && cell !== "") errors.push({ path: name, message: UNREADABLE });
    if (value !== undefined) values[name] = value;
  }
  return { values, errors };
}

function jsonOf(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return undefined;
  }
}

/** Of a cell that begins as JSON and is none. */
const UNREADABLE = "is not well-formed JSON, or not of texts";

const emptyOf = (name: FieldName) => (RESET.has(name) ? null : undefined);

function ofCell(name: FieldName, cell: string): unknown {
  const { kind } = CODE_FIELDS[name];
  if (kind === "texts") return textsOfCell(cell);
  if (kind === "style") return jsonOf(cell);
  const text = kind === "text" ? cell : cell.trim();
  // Spreadsheets write them in capitals.
  if (kind === "flag" && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  return kind === "integer" && /^-?\d+$/.test(text) ? Number(text) : text;
}
