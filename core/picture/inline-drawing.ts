import type { Drawing, Pen } from "./drawing.ts";

/** Draws at once, in the caller's thread. Each format is loaded when it is first drawn. */
export const inlineDrawing: Drawing = {
  reserve: (work) => work(inlinePen),
};

const inlinePen: Pen = {
  svg: async (text, options) => (await import("./svg.ts")).svgPicture(text, options),
  png: async (text, options) => (await import("./png.ts")).pngPicture(text, options),
};
