import * as z from "zod";

const SEPARATORS = /[ .()/-]/g;

const ERROR = "must be a number with its country code, such as +49 30 123456";

/**
 * A telephone number that means the same everywhere: a country code and all that follows, 15 digits at most (E.164). Blanks
 * and the like between its digits are left out.
 */
export const phoneSchema = z
  .string(ERROR)
  .max(40, "must have at most 40 characters")
  .regex(/^\+[ .()/-]*\d(?:[ .()/-]*\d){2,14}[ .()/-]*$/, ERROR)
  .meta({ description: "with its country code", examples: ["+49 30 123456"] });

export function digitsOf(number: string): string {
  return number.replace(SEPARATORS, "");
}

/** https://www.rfc-editor.org/rfc/rfc3966 */
export function phoneText(number: string): string {
  return `tel:${digitsOf(number)}`;
}
