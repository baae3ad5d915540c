import type { FieldName } from "./field-types.ts";
import { CODE_FIELDS, type Field } from "./fields.ts";
import { FIELDS, type SettableFields, type StoredCode } from "./qr-code.ts";

/** Fields that have a default. */
type DefaultedField = {
  [N in FieldName]: (typeof CODE_FIELDS)[N] extends { default: unknown } ? N : never;
}[FieldName];

/** The default of each field that has one. */
export const DEFAULTS = Object.fromEntries(
  FIELDS.filter(([, field]) => field.default !== undefined).map(([name, field]) => [name, field.default]),
) as Pick<StoredCode, DefaultedField>;

/** A code as an earlier version of the service stored it: fields unknown to that version get their defaults. */
export function withDefaults(stored: Omit<StoredCode, DefaultedField> & Partial<StoredCode>): StoredCode {
  return { ...DEFAULTS, ...stored };
}

/**
 * What a request says beyond the defaults. Two requests that ask for the same code have the same rest, also if the
 * service learnt a field between them.
 */
export function withoutDefaults(fields: Partial<SettableFields>): Partial<SettableFields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => !isDefault(CODE_FIELDS[name as FieldName], value)),
  );
}

function isDefault(field: Field | undefined, value: unknown): boolean {
  return JSON.stringify(field?.default) === JSON.stringify(value);
}
