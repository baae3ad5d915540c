import * as z from "zod";

/** Text that UTF-8 can hold, of at most so many UTF-16 code units. */
export function anyText(maxLength: number, description: string) {
  return z
    .string("must be a string")
    .min(1, "must not be empty")
    .max(maxLength, `must have at most ${maxLength} characters`)
    .refine((value) => value.isWellFormed(), "must not hold half of a character")
    .meta({ description });
}

/** A line of text: what holds it has no place for line breaks and other controls. */
export function lineOfText(maxLength: number, description: string) {
  return anyText(maxLength, description).regex(
    /^[^\p{Cc}\u2028\u2029]*$/u,
    "must be one line, without control characters",
  );
}
