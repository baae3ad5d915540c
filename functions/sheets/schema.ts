import * as z from "zod";
import { QR_ID } from "../../core/ids.ts";
import { INKS, SPOT_NAME } from "../../core/picture/print/ink.ts";
import { CAPTIONS } from "../../core/sheet/label.ts";
import { layoutSchema } from "../../core/sheet/layout-schema.ts";
import { SHEETS, type SheetLayout } from "../../core/sheet/layouts.ts";
import { MAX_CODES } from "../../core/sheet/limits.ts";
import { codeFilter } from "../http/code-filter.ts";

const LAYOUTS = [...(Object.keys(SHEETS) as (keyof typeof SHEETS)[]), "custom"] as const;

const { q, tag, status } = codeFilter;

const filter = z
  .strictObject({ q, tag, status }, "must be a JSON object")
  .meta({ component: "SheetFilter", description: "the codes that `GET /qr` lists of it, newest first" });

function whole(min: number, max: number, description: string) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int(error).min(min, error).max(max, error).meta({ description });
}

function choice<const T extends readonly string[]>(of: T, description: string) {
  return z.enum(of, `must be one of ${of.join(", ")}`).meta({ description });
}

/** The body of `POST /sheets`. */
export const sheetBody = z
  .strictObject(
    {
      ids: z
        .array(z.string().regex(QR_ID, `must match ${QR_ID.source}`), "must be a list of IDs")
        .min(1, "must not be empty")
        .max(MAX_CODES, `must have at most ${MAX_CODES} entries`)
        .meta({ description: "codes in the order of the labels" })
        .optional(),
      filter: filter.optional(),
      layout: choice(
        LAYOUTS,
        "24 labels of 70 × 37 mm on A4, 30 of 2 5/8 × 1 in on Letter (Avery 5160), or what `custom` says",
      ),
      custom: layoutSchema.optional(),
      caption: choice(
        CAPTIONS,
        "beside or under each code; `id` also stands for a name that can't be set",
      ).default("name"),
      copies: whole(1, 1_000, "labels of each code, one after another").default(1),
      skip: whole(0, 9_999, "labels of the first page that are left empty").default(0),
      cropMarks: z.boolean("must be true or false").meta({ description: "where to cut" }).default(false),
      ink: choice(INKS, "as of a picture that is printed").optional(),
      spot: z
        .string("must be a string")
        .regex(SPOT_NAME, "must be 1 to 64 letters, digits, blanks, dots, dashes or underscores")
        .meta({ description: "the name of a spot colour", examples: ["PANTONE 286 C"] })
        .optional(),
    },
    "must be a JSON object",
  )
  .superRefine((body, context) => {
    const fail = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if ((body.ids === undefined) === (body.filter === undefined))
      fail("ids", "or filter must be given, and not both");
    if ((body.layout === "custom") !== (body.custom !== undefined))
      fail("custom", "must be given with layout custom, and only then");
    if (body.ink !== undefined && body.spot !== undefined) fail("spot", "must not be given beside ink");
    const { rows, columns } = layoutOf(body);
    if (body.skip >= rows * columns) fail("skip", `must be less than the ${rows * columns} labels of a page`);
  });

export type SheetBody = z.output<typeof sheetBody>;

export function layoutOf({
  layout,
  custom,
}: {
  layout: (typeof LAYOUTS)[number];
  custom?: SheetLayout | undefined;
}): SheetLayout {
  return layout === "custom" ? (custom ?? SHEETS["a4-3x8"]) : SHEETS[layout];
}
