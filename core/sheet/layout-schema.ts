import * as z from "zod";
import { labelSize, type SheetLayout } from "./layouts.ts";

/** The least that has room for a code and what keeps it apart, in mm. */
const MIN_LABEL = 10;

const MAX_PAGE = 1_000;

function millimetres(min: number, max: number, description: string) {
  const error = `must be a length from ${min} to ${max} mm`;
  return z.number(error).min(min, error).max(max, error).meta({ description });
}

function count(max: number, description: string) {
  const error = `must be a whole number from 1 to ${max}`;
  return z.int(error).min(1, error).max(max, error).meta({ description });
}

const side = millimetres(MIN_LABEL, MAX_PAGE, "in mm");
const margin = millimetres(0, MAX_PAGE, "in mm");

/** A sheet of the caller's own. */
export const layoutSchema = z
  .strictObject({
    page: z.strictObject({ width: side, height: side }).meta({ component: "SheetPage" }),
    rows: count(100, "of labels"),
    columns: count(100, "of labels"),
    gaps: z
      .strictObject({ horizontal: margin, vertical: margin })
      .meta({ component: "SheetGaps" })
      .default({ horizontal: 0, vertical: 0 }),
    margins: z
      .strictObject({ top: margin, right: margin, bottom: margin, left: margin })
      .meta({ component: "SheetMargins" }),
  })
  .superRefine((layout: SheetLayout, context) => {
    for (const [name, length] of Object.entries(labelSize(layout)))
      if (length < MIN_LABEL) context.addIssue({ code: "custom", message: tooSmall(name, length) });
  })
  .meta({ component: "SheetLayout" });

function tooSmall(name: string, length: number): string {
  return `leaves a ${name} of ${Math.round(10 * length) / 10} mm for each label, which needs ${MIN_LABEL}`;
}
