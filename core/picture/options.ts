import type { Rgb } from "./color.ts";
import type { Ecc } from "./ecc.ts";

/** How a plain code is drawn: two colours, squares. */
export interface PlainOptions {
  /** Width and height in px; an SVG without one has whole pixels a module. */
  readonly size?: number;
  /** Quiet zone on each side, in modules. */
  readonly margin: number;
  readonly ecc: Ecc;
  /** Colour of the dark modules. */
  readonly color: Rgb;
  /** Colour of the light modules and of the quiet zone. */
  readonly background: Rgb;
}

/** In px. 2,048 prints 17 cm at 300 dpi; what is larger is better drawn from the SVG. */
export const SIZE = { min: 64, max: 2048 };

/**
 * In modules. ISO/IEC 18004 asks for 4; less is for a page that leaves white space of its own. Beyond four
 * times the standard the picture is mostly blank, and the space around it is a matter of layout.
 */
export const MARGIN = { min: 0, max: 16, default: 4 };

/** In px. An SVG's follows from its code; 512 has room for a pixel per module of any code at any margin (177 + 2 × 16). */
export const DEFAULT_SIZE = { svg: undefined, png: 512 } as const;
