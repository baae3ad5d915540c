import type { Pixels } from "../picture/pixels.ts";
import type { LabelForm, LabelOrder, LabelPaper } from "./label.ts";

/** Draws what sheets are made of. */
export interface SheetPen {
  /** @throws what `drawLabel` throws */
  labels(orders: readonly LabelOrder[], paper: LabelPaper): Promise<LabelForm[]>;
  /** A logo with its longest side of at most so many pixels. */
  logo(png: Uint8Array, longestSide: number): Promise<Pixels>;
}

/** Where the labels of sheets are drawn, as `Drawing` is for pictures. */
export interface SheetDrawing {
  /** @throws ServiceError `busy`, before the work begins, if too much is waiting */
  reserve<T>(work: (pen: SheetPen) => Promise<T>): Promise<T>;
}
