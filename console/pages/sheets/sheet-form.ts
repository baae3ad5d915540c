import type { ListQuery, SheetInput, SheetLayout } from "../../../clients/typescript/src/schema.ts";
import { KNOWN_LAYOUTS, type LayoutName } from "./layouts.ts";

/** The measures of a sheet of one's own, as the API calls them. */
export const MEASURES = [
  "page.width",
  "page.height",
  "columns",
  "rows",
  "margins.top",
  "margins.right",
  "margins.bottom",
  "margins.left",
  "gaps.horizontal",
  "gaps.vertical",
] as const;

export type Measure = (typeof MEASURES)[number];

/** What was typed and chosen. */
export interface SheetForm {
  layout: LayoutName;
  custom: Record<Measure, string>;
  caption: NonNullable<SheetInput["caption"]>;
  copies: string;
  skip: string;
  cropMarks: boolean;
}

export const USUAL_SHEET: SheetForm = {
  layout: "a4-3x8",
  custom: {
    "page.width": "210",
    "page.height": "297",
    columns: "2",
    rows: "4",
    "margins.top": "10",
    "margins.right": "10",
    "margins.bottom": "10",
    "margins.left": "10",
    "gaps.horizontal": "5",
    "gaps.vertical": "5",
  },
  caption: "name",
  copies: "1",
  skip: "0",
  cropMarks: false,
};

/** The codes that are printed: some, or those of a filter. */
export type Chosen = { ids: string[] } | { filter: Pick<ListQuery, "q" | "tag" | "status"> };

export function layoutOf({ layout, custom }: SheetForm): Required<SheetLayout> {
  if (layout !== "custom") return KNOWN_LAYOUTS[layout];
  const read = (measure: Measure) => Number(custom[measure]);
  return {
    page: { width: read("page.width"), height: read("page.height") },
    rows: read("rows"),
    columns: read("columns"),
    gaps: { horizontal: read("gaps.horizontal"), vertical: read("gaps.vertical") },
    margins: {
      top: read("margins.top"),
      right: read("margins.right"),
      bottom: read("margins.bottom"),
      left: read("margins.left"),
    },
  };
}

/** What the service is asked for; it judges the numbers. */
export function inputOf(form: SheetForm, chosen: Chosen): SheetInput {
  const { layout, caption, copies, skip, cropMarks } = form;
  return {
    ...chosen,
    layout,
    ...(layout === "custom" ? { custom: layoutOf(form) } : {}),
    caption,
    copies: Number(copies),
    skip: Number(skip),
    cropMarks,
  };
}
