import * as z from "zod";
import { ALPHANUMERIC_ID } from "../ids.ts";
import { codeStyleSchema } from "../picture/style-schema.ts";
import { baseUrlInCapitals } from "./base-url.ts";
import type { BoundsOf, FieldName, SetBy } from "./field-types.ts";
import { type Bounds, CODE_FIELDS, type Field, type Kind } from "./fields.ts";
import { FIELDS, isSetBy, type SettableFields, type StoredCode } from "./qr-code.ts";
import { MAX_URL_LENGTH, targetUrlProblem } from "./target-url.ts";
import { canonicalText, SEEN, UNFIT_IN_TEXT } from "./unseen.ts";

/** Latest instant that an ISO 8601 string with a four-digit year can name, and the earliest we accept. */
const EARLIEST = Date.parse("2000-01-01T00:00:00.000Z");
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

/** What JSON Schema can say of {@link UNFIT_IN_TEXT} after spaces are trimmed. */
const FIT_IN_TEXT =
  "^\\s*[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ufff9-\\ufffd]+\\s*$";

/** Its length is that of what is stored, in UTF-16 code units. */
export function text({ maxLength }: { maxLength: number }) {
  return z
    .string("must be a string")
    .overwrite((value) => canonicalText(value, maxLength))
    .min(1, "must not be empty")
    .max(maxLength, `must have at most ${maxLength} characters`)
    .refine(
      (value) => !UNFIT_IN_TEXT.test(value) && value.isWellFormed(),
      "must not contain control characters, lost characters (U+FFFD) or any that turn its direction",
    )
    .refine((value) => value === "" || SEEN.test(value), "must have a character that can be seen")
    .meta({
      pattern: FIT_IN_TEXT,
      description: `${maxLength} characters at most once trimmed and in NFC; one of them can be seen`,
    });
}

function url(_bounds: Bounds, publicBaseUrl: string) {
  return z
    .string("must be a string")
    .superRefine((value, context) => {
      const message = targetUrlProblem(value, publicBaseUrl);
      if (message) context.addIssue({ code: "custom", message });
    })
    .meta({
      maxLength: MAX_URL_LENGTH,
      pattern: "^[Hh][Tt][Tt][Pp][Ss]?://[^\\s\\u0000-\\u001f\\u007f-\\u009f]+$",
      description: "absolute, without credentials or invisible characters; not a scan URL of this service",
    });
}

/** Accepts any offset and yields UTC with milliseconds. */
export const instant = z.iso
  .datetime({
    offset: true,
    error: "must be an ISO 8601 timestamp with an offset, such as 2030-01-31T12:00:00Z",
    abort: true,
  })
  .refine((value) => Date.parse(value) >= EARLIEST && Date.parse(value) <= LATEST, {
    error: "must lie between the years 2000 and 9999",
    abort: true,
  })
  .transform((value) => new Date(value).toISOString())
  .meta({ description: "with an offset, in the years 2000 to 9999" });

/** What a request may hold of each kind. */
const SCHEMAS: { [K in Kind]: (bounds: BoundsOf<K>, publicBaseUrl: string) => z.ZodType } = {
  id: ({ pattern }) => z.string("must be a string").regex(pattern, `must match ${pattern.source}`),
  text,
  texts: ({ maxLength, maxEntries }) =>
    z
      .array(text({ maxLength }), "must be an array of strings")
      .max(maxEntries, `must have at most ${maxEntries} entries`)
      .refine((value) => new Set(value).size === value.length, "must not repeat an entry")
      .meta({ uniqueItems: true }),
  choice: ({ of }) => z.enum(of as string[], `must be ${of.join(" or ")}`),
  instant: () => instant,
  integer: ({ min, max }) =>
    z.int("must be a whole number").min(min, `must be at least ${min}`).max(max, `must be at most ${max}`),
  url,
  flag: () => z.boolean("must be true or false"),
  style: () => codeStyleSchema,
};

function schemaOf(field: Field, publicBaseUrl: string): z.ZodType {
  const schema = SCHEMAS[field.kind] as (bounds: Bounds, publicBaseUrl: string) => z.ZodType;
  const given = schema(field, publicBaseUrl);
  return field.default === null && !given.isNullable() ? given.nullable() : given;
}

/** The schema of one field, without its default. */
export function fieldSchema<N extends FieldName>(name: N, publicBaseUrl: string): z.ZodType<StoredCode[N]> {
  return schemaOf(CODE_FIELDS[name], publicBaseUrl) as z.ZodType<StoredCode[N]>;
}

type Shape<Names extends FieldName> = { [N in Names]: z.ZodType<StoredCode[N]> };

/** The fields that `generate` takes: what is left out gets its default, and is required if it has none. */
export function generateFields(publicBaseUrl: string): Shape<SetBy<"generate">> {
  const fields = FIELDS.filter(([, field]) => isSetBy("generate", field)).map(([name, field]) => {
    const schema = schemaOf(field, publicBaseUrl);
    return [name, field.default === undefined ? schema : schema.default(field.default)];
  });
  return Object.fromEntries(fields) as Shape<SetBy<"generate">>;
}

/** The fields that `patch` takes, where `null` resets an option. */
export function patchFields(publicBaseUrl: string): Shape<SetBy<"patch">> {
  return resettableFields(publicBaseUrl, (field) => isSetBy("patch", field));
}

/** The fields that a row of an import may hold: those that `generate` or `patch` takes, and the ID. */
export function importFields(publicBaseUrl: string) {
  const settable: Shape<keyof SettableFields> = resettableFields(
    publicBaseUrl,
    ({ setBy }) => setBy.length > 0,
  );
  return { qrId: fieldSchema("qrId", publicBaseUrl).nullable(), ...settable };
}

function resettableFields<Names extends FieldName>(
  publicBaseUrl: string,
  isTaken: (field: Field) => boolean,
): Shape<Names> {
  const fields = FIELDS.filter(([, field]) => isTaken(field)).map(([name, field]) => {
    const schema = schemaOf(field, publicBaseUrl);
    const resets = isSetBy("generate", field) && field.default !== undefined && field.default !== null;
    return [name, resets ? schema.nullable().transform((value) => value ?? field.default) : schema];
  });
  return Object.fromEntries(fields) as Shape<Names>;
}

/** Adds the one rule that spans two fields, as far as the request alone can break it. */
export function windowInOrder(fields: {
  startsAt?: string | null | undefined;
  expiresAt?: string | null | undefined;
}): boolean {
  return !fields.startsAt || !fields.expiresAt || fields.startsAt < fields.expiresAt;
}

export const WINDOW_ERROR = { path: ["expiresAt"], error: "must be after startsAt" };

interface Made {
  alphanumeric?: boolean | undefined;
  qrId?: string | null | undefined;
}

/** A rule beyond the bounds of the fields, and what is wrong where it does not hold. */
interface Rule {
  holds: (fields: Made) => boolean;
  error: { path: string[]; error: string };
}

/** What a code for alphanumeric mode needs: of the service, and of the ID that its caller chooses. */
export function alphanumericRules(publicBaseUrl: string): [Rule, Rule] {
  const isPossible: Rule = {
    holds: ({ alphanumeric }) => !alphanumeric || baseUrlInCapitals(publicBaseUrl) !== undefined,
    error: {
      path: ["alphanumeric"],
      error: "can't be had here: scan URLs lie below a path that is not in capitals",
    },
  };
  const fitsId: Rule = {
    holds: ({ alphanumeric, qrId }) => !alphanumeric || !qrId || ALPHANUMERIC_ID.test(qrId),
    error: { path: ["qrId"], error: `must match ${ALPHANUMERIC_ID.source} in an alphanumeric code` },
  };
  return [isPossible, fitsId];
}

/** Names the parameter that is missing rather than the type that was expected of it. */
export const BODY_ERROR = { error: "must be a JSON object" };
