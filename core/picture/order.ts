import type { LogoImage } from "./logo-image.ts";
import type { Measures } from "./measures.ts";
import type { PictureStyle } from "./picture-style.ts";

/**
 * What becomes of a logo that is too large: it is refused, it is fitted by a higher level or by shrinking, or it is
 * fitted and left out where no level has room for any.
 */
export type LogoFit = "refuse" | "fit" | "omit";

/** All that decides a picture's bytes, besides its format. */
export interface PictureOrder {
  /** What the code says. */
  readonly text: string;
  /** Checked by `styleSchema`. */
  readonly style: PictureStyle;
  /** The logo that the style names, where the tenant has it. */
  readonly logo?: LogoImage | undefined;
  readonly fit: LogoFit;
  readonly measures: Measures;
}
