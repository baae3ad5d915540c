import { isDeepStrictEqual } from "node:util";
import { SETTABLE_FIELDS, type SettableFields } from "./qr-code.ts";

/** Whether two codes agree in all that callers decide. The order of a style's members does not matter. */
export function sameFields(one: SettableFields, other: SettableFields): boolean {
  return SETTABLE_FIELDS.every((name) => isDeepStrictEqual(one[name], other[name]));
}
