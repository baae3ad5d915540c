import * as z from "zod";
import { canonicalText } from "../code/unseen.ts";
import { CAPTION_TEXT } from "./caption/characters.ts";
import { parseHex, toHex } from "./color.ts";
import { colorProblems } from "./design.ts";
import { ECC_LEVELS } from "./ecc.ts";
import { LOGO_OR_NONE } from "./logo-name.ts";
import { MARGIN } from "./options.ts";
import { FRAMES, LOGO_SIZE, MAX_CAPTION, type PictureStyle } from "./picture-style.ts";
import { FINDER_SHAPES, MODULE_SHAPES } from "./style.ts";

const HEX = /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/;

const COLOR_ERROR = "must be a hex color such as 1a2b3c or #1a2b3c";

function color(description: string) {
  return z
    .string(COLOR_ERROR)
    .regex(HEX, COLOR_ERROR)
    .overwrite((value) => toHex(parseHex(value) ?? [0, 0, 0]))
    .meta({ description, examples: ["#003366"] })
    .optional();
}

const GROUND_ERROR = `${COLOR_ERROR}, or transparent`;

const ground = z
  .string(GROUND_ERROR)
  .regex(/^(transparent|#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6}))$/, GROUND_ERROR)
  .overwrite((value) => (value === "transparent" ? value : toHex(parseHex(value) ?? [0, 0, 0])))
  .meta({
    description: "of the light modules and the quiet zone; white without it",
    examples: ["#ffffff", "transparent"],
  })
  .optional();

function whole({ min, max }: { min: number; max: number }, description: string) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int(error).min(min, error).max(max, error).meta({ description }).optional();
}

function choice<const T extends readonly string[]>(of: T, description: string) {
  return z
    .enum(of, `must be one of ${of.join(", ")}`)
    .meta({ description })
    .optional();
}

/** The members of a style, in the order of the documents. */
export const STYLE_MEMBERS = {
  margin: whole(MARGIN, `quiet zone on each side, in modules; ${MARGIN.default} without it`),
  ecc: choice(ECC_LEVELS, "error correction: about 7, 15, 25 or 30 % may be damaged; M without it"),
  modules: choice(MODULE_SHAPES, "shape of the modules; square without it"),
  finders: choice(FINDER_SHAPES, "shape of the three finders; square without it"),
  color: color("of the dark modules; black without it"),
  ring: color("of the finders' rings; that of the modules without it"),
  eye: color("within the finders' rings; theirs without it"),
  background: ground,
  logo: z
    .string("must be a string")
    .regex(LOGO_OR_NONE, `must match ${LOGO_OR_NONE.source}`)
    .meta({
      description:
        "the name of one of the tenant's logos, drawn in the middle; empty for none, over a default that has one",
    })
    .optional(),
  logoSize: whole(
    LOGO_SIZE,
    `width of the logo in % of the code's; without it ${LOGO_SIZE.default}, or what fits if that is less`,
  ),
  frame: choice(
    FRAMES,
    "a line around the picture, or a banner at its foot for the caption; none without it",
  ),
  caption: z
    .string("must be a string")
    .overwrite((value) => canonicalText(value, MAX_CAPTION))
    .max(MAX_CAPTION, `must have at most ${MAX_CAPTION} characters`)
    .regex(CAPTION_TEXT, "must be written in Latin, Greek or Cyrillic letters, digits and usual punctuation")
    .meta({ description: "a line of text under the code" })
    .optional(),
} satisfies { [N in keyof PictureStyle]-?: z.ZodType<PictureStyle[N]> };

/** Its colours can be told apart: plain ones by 40 % of full brightness, others by half. */
const style = z.strictObject(STYLE_MEMBERS, "must be a JSON object").superRefine((style, context) => {
  for (const { path, message } of colorProblems(style))
    context.addIssue({ code: "custom", path: [path], message });
});

/** A style that is to be stored. */
export const styleSchema = style.meta({ component: "PictureStyle" });

/** That of a code, which may have none. The description gives what may be null a name of its own. */
export const codeStyleSchema = style.nullable().meta({ component: "CodeStyle" });
