import * as z from "zod";
import { decodeCursor } from "../../core/code/cursor.ts";
import { CODE_FIELDS } from "../../core/code/fields.ts";
import { isIndexed } from "../../data/postgres/list-query.ts";

const { tags } = CODE_FIELDS;

/** Scripts in which one or two characters make a word. */
const SHORT_WORDS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

const NO_NUL = "^[^\\u0000]*$";

/** The parameter that names a tag. */
export const tagQuery = z
  .string()
  .normalize("NFC")
  .min(1, "must not be empty")
  .max(tags.maxLength, `must have at most ${tags.maxLength} characters`)
  .refine((value) => !value.includes("\0") && value.isWellFormed(), "must not contain control characters")
  .meta({ description: "one of the code's tags, whole", pattern: NO_NUL })
  .optional();

/** The parameters that choose among a tenant's codes, and where in their order to go on. */
export const codeFilter = {
  cursor: z
    .string()
    .transform((value, context) => {
      const position = decodeCursor(value);
      if (position) return position;
      context.addIssue({ code: "custom", message: "is not a cursor of this list" });
      return z.NEVER;
    })
    .meta({
      description: "`nextCursor` of the page before; anything else is refused",
      pattern: "^[A-Za-z0-9_-]+$",
    })
    .optional(),
  q: z
    .string()
    .normalize("NFC")
    .min(1, "must not be empty")
    .max(200, "must have at most 200 characters")
    .refine((value) => !value.includes("\0") && value.isWellFormed(), "must not contain control characters")
    .refine(
      (value) => isIndexed(value) || SHORT_WORDS.test(value),
      "must have at least 3 characters, and a letter or a digit after the first; less only if it is Chinese, Japanese or Korean",
    )
    .meta({ description: "3 characters or more; Chinese, Japanese or Korean also less", pattern: NO_NUL })
    .optional(),
  tag: tagQuery,
  status: z
    .enum(CODE_FIELDS.status.of, "must be active or paused")
    .meta({ description: "as it was set: an active code may have expired, which its state says" })
    .optional(),
};
