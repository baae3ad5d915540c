import type { SheetInput, SheetLayout } from "../../../clients/typescript/src/schema.ts";

export type LayoutName = SheetInput["layout"];

/** Measures of the sheets that the API knows by name, in mm: a test holds them against the service's own. */
export const KNOWN_LAYOUTS: Record<Exclude<LayoutName, "custom">, Required<SheetLayout>> = {
  "a4-3x8": {
    page: { width: 210, height: 297 },
    rows: 8,
    columns: 3,
    gaps: { horizontal: 0, vertical: 0 },
    margins: { top: 0.5, right: 0, bottom: 0.5, left: 0 },
  },
  "letter-5160": {
    page: { width: 215.9, height: 279.4 },
    rows: 10,
    columns: 3,
    gaps: { horizontal: 3.175, vertical: 0 },
    margins: { top: 12.7, right: 4.7625, bottom: 12.7, left: 4.7625 },
  },
};

/** Where the labels of a page lie, in mm, by rows. Empty where the measures leave them no room. */
export function labelsOf({ page, rows, columns, gaps, margins }: Required<SheetLayout>) {
  const { horizontal, vertical } = gaps;
  const width = (page.width - margins.left - margins.right - (columns - 1) * horizontal) / columns;
  const height = (page.height - margins.top - margins.bottom - (rows - 1) * vertical) / rows;
  if (!(width > 0 && height > 0)) return [];
  return Array.from({ length: rows * columns }, (_, index) => ({
    x: margins.left + (index % columns) * (width + horizontal),
    y: margins.top + Math.floor(index / columns) * (height + vertical),
    width,
    height,
  }));
}
