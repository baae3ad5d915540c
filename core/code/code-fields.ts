import * as z from "zod";
import { MAX_URL_LENGTH, targetUrlProblem } from "./target-url.ts";

/** Latest instant that an ISO 8601 string with a four-digit year can name, and the earliest we accept. */
const EARLIEST = Date.parse("2000-01-01T00:00:00.000Z");
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

/** The largest value of the column (Postgres `integer`). */
const MAX_SCANS = 2_147_483_647;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

function text(most: number) {
  return z
    .string("must be a string")
    .min(1, "must not be empty")
    .max(most, `must have at most ${most} characters`)
    .refine((value) => !CONTROL.test(value) && value.isWellFormed(), "must not contain control characters");
}

function url(publicBaseUrl: string) {
  return z
    .string("must be a string")
    .superRefine((value, context) => {
      const message = targetUrlProblem(value, publicBaseUrl);
      if (message) context.addIssue({ code: "custom", message });
    })
    .meta({ maxLength: MAX_URL_LENGTH, description: "http or https, without credentials" });
}

/** Accepts any offset and yields UTC with milliseconds. */
const instant = z.iso
  .datetime({
    offset: true,
    error: "must be an ISO 8601 timestamp with an offset, such as 2030-01-31T12:00:00Z",
    abort: true,
  })
  .refine((value) => Date.parse(value) >= EARLIEST && Date.parse(value) <= LATEST, {
    error: "must lie between the years 2000 and 9999",
    abort: true,
  })
  .transform((value) => new Date(value).toISOString());

const tags = z
  .array(text(50), "must be an array of strings")
  .max(20, "must have at most 20 entries")
  .refine((value) => new Set(value).size === value.length, "must not repeat an entry");

/** The fields that a caller may set on any code. `null` stands for "none", as it does in replies. */
export function optionFields(publicBaseUrl: string) {
  return {
    name: text(200).nullable(),
    tags,
    startsAt: instant.nullable(),
    expiresAt: instant.nullable(),
    maxScans: z
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .max(MAX_SCANS, `must be at most ${MAX_SCANS}`)
      .nullable(),
    fallbackUrl: url(publicBaseUrl).nullable(),
  };
}

/** Where a code leads. */
export function targetField(publicBaseUrl: string) {
  return url(publicBaseUrl);
}

/** Adds the one rule that spans two fields, as far as the request alone can break it. */
export function windowInOrder(fields: {
  startsAt?: string | null | undefined;
  expiresAt?: string | null | undefined;
}): boolean {
  return !fields.startsAt || !fields.expiresAt || fields.startsAt < fields.expiresAt;
}

export const WINDOW_ERROR = { path: ["expiresAt"], error: "must be after startsAt" };

/** Names the parameter that is missing rather than the type that was expected of it. */
export const BODY_ERROR = { error: "must be a JSON object" };
