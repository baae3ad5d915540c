import type { Drawing, Pen } from "./drawing.ts";

/** Draws SVGs at once, in the caller's thread: a function that draws nothing else does not bundle the other formats. */
export const inlineSvg: Pick<Drawing, "reserve"> = {
  reserve: (work) => work(svgPen),
};

const svgPen: Pen = {
  draw: async (_format, order) => (await import("./draw-svg.ts")).drawSvg(order),
  describe: () => Promise.reject(new Error("this pen draws SVGs alone")),
};
