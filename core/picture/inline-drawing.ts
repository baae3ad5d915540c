import type { Drawing, Pen } from "./drawing.ts";

/** Draws at once, in the caller's thread. What draws is loaded with the first picture. */
export const inlineDrawing: Drawing = {
  reserve: (work) => work(inlinePen),
};

const inlinePen: Pen = {
  draw: async (format, order) => (await import("./draw.ts")).drawPicture(format, order),
  describe: async (order, idLength) => (await import("./info.ts")).describePicture(order, idLength),
};
