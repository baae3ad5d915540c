import type { Pen } from "./drawing.ts";

/** A `Drawing` for SVGs only, so that a function that draws nothing else does not bundle the PNG code. */
export interface SvgDrawing {
  reserve<T>(work: (pen: Pick<Pen, "svg">) => Promise<T>): Promise<T>;
}

/** Draws at once, in the caller's thread. */
export const inlineSvg: SvgDrawing = {
  reserve: (work) =>
    work({ svg: async (text, options) => (await import("./svg.ts")).svgPicture(text, options) }),
};
