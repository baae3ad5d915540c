import * as z from "zod";
import { decodeCursor } from "../../core/code/cursor.ts";
import { CODE_FIELDS } from "../../core/code/fields.ts";

const { tags } = CODE_FIELDS;

/** Fewest characters of a search: the index holds groups of three, and less would read every code. */
const LEAST_SEARCH = 3;

/**
 * The index knows words by groups of three characters, where the gap before a word counts as two and the one after it
 * as one. Signs alone make no group, nor does a letter with nothing but signs behind it.
 */
const INDEXED = /.[\p{L}\p{N}]/su;

/** The query of `GET /qr`. */
export const listQuery = z.strictObject(
  {
    limit: z
      .string()
      .regex(/^([1-9]\d?|100)$/, "must be a whole number from 1 to 100")
      .transform(Number)
      .optional(),
    cursor: z
      .string()
      .transform((value, context) => {
        const position = decodeCursor(value);
        if (position) return position;
        context.addIssue({ code: "custom", message: "is not a cursor of this list" });
        return z.NEVER;
      })
      .optional(),
    q: z
      .string()
      .min(LEAST_SEARCH, `must have at least ${LEAST_SEARCH} characters`)
      .max(200, "must have at most 200 characters")
      .refine((value) => !value.includes("\0") && value.isWellFormed(), "must not contain control characters")
      .refine((value) => INDEXED.test(value), "must have a letter or a digit after its first character")
      .optional(),
    tag: z
      .string()
      .min(1, "must not be empty")
      .max(tags.maxLength, `must have at most ${tags.maxLength} characters`)
      .refine((value) => !value.includes("\0") && value.isWellFormed(), "must not contain control characters")
      .optional(),
    status: z
      .enum(CODE_FIELDS.status.of, "must be active or paused")
      .meta({ description: "as it was set: an active code may have expired, which its state says" })
      .optional(),
  },
  "must be an object",
);

export type ListQuery = z.output<typeof listQuery>;
