/** A sheet of labels, all alike and in rows. Lengths are mm. */
export interface SheetLayout {
  readonly page: { readonly width: number; readonly height: number };
  readonly rows: number;
  readonly columns: number;
  /** Between neighbours. */
  readonly gaps: { readonly horizontal: number; readonly vertical: number };
  readonly margins: {
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly left: number;
  };
}

const A4 = { width: 210, height: 297 };
const LETTER = { width: 215.9, height: 279.4 };

/** Sheets that are sold. */
export const SHEETS = {
  /** 24 labels of 70 × 37 mm without gaps: Avery Zweckform 3474, Herma 4464. */
  "a4-3x8": {
    page: A4,
    rows: 8,
    columns: 3,
    gaps: { horizontal: 0, vertical: 0 },
    margins: { top: 0.5, right: 0, bottom: 0.5, left: 0 },
  },
  /** 30 labels of 2 5/8 × 1 in: Avery 5160. */
  "letter-5160": {
    page: LETTER,
    rows: 10,
    columns: 3,
    gaps: { horizontal: 3.175, vertical: 0 },
    margins: { top: 12.7, right: 4.7625, bottom: 12.7, left: 4.7625 },
  },
} as const satisfies Record<string, SheetLayout>;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What the margins and gaps leave of a page for each label. */
export function labelSize({ page, rows, columns, gaps, margins }: SheetLayout): Size {
  return {
    width: (page.width - margins.left - margins.right - (columns - 1) * gaps.horizontal) / columns,
    height: (page.height - margins.top - margins.bottom - (rows - 1) * gaps.vertical) / rows,
  };
}

/** The upper left corner of a page's label, counted by rows from the page's upper left corner. */
export function labelCorner(layout: SheetLayout, index: number): { x: number; y: number } {
  const { width, height } = labelSize(layout);
  const [column, row] = [index % layout.columns, Math.floor(index / layout.columns)];
  return {
    x: layout.margins.left + column * (width + layout.gaps.horizontal),
    y: layout.margins.top + row * (height + layout.gaps.vertical),
  };
}
