import type { LogoImage } from "../picture/logo-image.ts";
import type { PictureStyle } from "../picture/picture-style.ts";
import type { Ink } from "../picture/print/ink.ts";
import type { InkChoice } from "../picture/print/ink-for.ts";
import type { Size } from "./layouts.ts";

/** What stands beside or under a code. */
export const CAPTIONS = ["name", "id", "none"] as const;

/** What is the same of all labels of a sheet. */
export interface LabelPaper extends InkChoice {
  readonly size: Size;
  readonly captions: (typeof CAPTIONS)[number];
}

/** A code that is to be drawn on a label. */
export interface LabelOrder {
  /** What the code says. */
  readonly text: string;
  readonly style: PictureStyle;
  readonly logo?: LogoImage | undefined;
  /** Empty for none. */
  readonly caption: string;
}

/** A label as a PDF draws it, over and over if need be. */
export interface LabelForm {
  /** A deflated content stream, where a millimetre is the unit and y points downwards from the label's upper left corner. */
  readonly content: Uint8Array;
  readonly ink: Ink;
  /** Whether it shows its order's logo. */
  readonly hasLogo: boolean;
  /** That its caption is set in. */
  readonly characters: string;
}
