import type { CodeFields, FieldName, JsonValue, RowValue } from "../../core/code/field-types.ts";
import type { Kind } from "../../core/code/fields.ts";
import { CODE_FIELDS } from "../../core/code/fields.ts";
import { FIELDS, type StoredCode } from "../../core/code/qr-code.ts";
import type { Row } from "./db.ts";

/** The columns that `codeOf` reads. */
export const CODE_COLUMNS = FIELDS.map(([, { column }]) => column).join(", ");

/** The columns of some fields, as the driver gives them. */
export type ColumnsOf<Names extends FieldName> = Row & {
  [N in Names as CodeFields[N]["column"]]: RowValue<N>;
};

/** The columns' types, by what they hold. */
export const SQL_TYPES: Record<Kind, string> = {
  id: "text",
  text: "text",
  texts: "text[]",
  choice: "text",
  instant: "timestamptz",
  integer: "integer",
  url: "text",
  flag: "boolean",
  style: "jsonb",
};

export type CodeRow = ColumnsOf<FieldName>;

/** The columns of some fields as `asJson` gives them. */
export type JsonColumnsOf<Names extends FieldName> = Row & {
  [N in Names as CodeFields[N]["column"]]: JsonValue<N>;
};

export type CodeJson = JsonColumnsOf<FieldName>;

/** The values of a row under the names of their fields. */
export function fieldsOf<N extends FieldName>(
  row: JsonColumnsOf<N>,
  names: readonly N[],
): { [K in N]: RowValue<K> } {
  const fields: Record<string, unknown> = {};
  for (const name of names) {
    const { kind, column } = CODE_FIELDS[name];
    const value: unknown = row[column];
    fields[name] = kind === "instant" && value !== null ? new Date(value as string) : value;
  }
  return fields as { [K in N]: RowValue<K> };
}

export function codeOf(row: CodeRow | CodeJson): StoredCode {
  const code: Record<string, unknown> = {};
  for (const [name, { kind, column }] of FIELDS) {
    const value: unknown = row[column];
    code[name] =
      kind === "instant" && value !== null ? new Date(value as Date | string).toISOString() : value;
  }
  return code as StoredCode;
}
