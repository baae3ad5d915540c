import type { SheetDrawing, SheetPen } from "./sheet-drawing.ts";

/** Draws labels at once, in the caller's thread. What draws is loaded with the first sheet. */
export const inlineSheets: SheetDrawing = {
  reserve: (work) => work(inlinePen),
};

const inlinePen: SheetPen = {
  async labels(orders, paper) {
    const { drawLabel } = await import("./draw-label.ts");
    return orders.map((order) => drawLabel(order, paper));
  },
  async logo(png, longestSide) {
    const { decodedLogo, shrunk } = await import("../picture/raster.ts");
    return shrunk(decodedLogo(png), longestSide);
  },
};
