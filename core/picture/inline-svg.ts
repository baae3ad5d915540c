import type { Pen } from "./drawing.ts";

/** A `Drawing` of which only SVGs are asked: whoever draws nothing else need not carry the code of a PNG. */
export interface SvgDrawing {
  reserve<T>(work: (pen: Pick<Pen, "svg">) => Promise<T>): Promise<T>;
}

/** Draws at once, in the caller's thread. */
export const inlineSvg: SvgDrawing = {
  reserve: (work) =>
    work({ svg: async (text, options) => (await import("./svg.ts")).svgPicture(text, options) }),
};
