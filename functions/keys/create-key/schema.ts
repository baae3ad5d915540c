import * as z from "zod";
import { SCOPES } from "../../../core/auth/scopes.ts";
import { BODY_ERROR, instant, text } from "../../../core/code/request-fields.ts";

/** Longest name of a key, in UTF-16 code units. */
const MAX_NAME = 100;

/** The body of `POST /keys`. */
export const keyBody = z.strictObject(
  {
    name: text({ maxLength: MAX_NAME }),
    scopes: z
      .array(z.enum(SCOPES, `must be one of ${SCOPES.join(", ")}`), "must be an array of scopes")
      .min(1, "must name at least one scope")
      .max(SCOPES.length, `must have at most ${SCOPES.length} entries`)
      .refine((value) => new Set(value).size === value.length, "must not repeat an entry")
      .meta({ uniqueItems: true }),
    expiresAt: instant.nullable().default(null),
  },
  BODY_ERROR,
);

export type KeyBody = z.output<typeof keyBody>;
