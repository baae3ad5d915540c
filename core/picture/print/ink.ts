import type { Rgb } from "../color.ts";

/** Cyan, magenta, yellow and black, 0 to 1 each. */
export type Cmyk = readonly [cyan: number, magenta: number, yellow: number, black: number];

/**
 * What a printed code is made of: the picture's own colours, as they are on screens or as inks without a profile; black
 * alone (three inks that are printed a hair apart blur the edges of modules); or a spot colour by the name that the printer
 * knows it by. The dark parts are full ink and the ground is bare paper for the latter two.
 */
export type Ink =
  | { readonly kind: "rgb" | "cmyk" | "black" }
  | {
      readonly kind: "spot";
      readonly name: string;
      /** Where there is no such ink. */
      readonly alternate: Cmyk;
    };

export const INKS = ["rgb", "cmyk", "black"] as const;

/** Names that need no escape but of blanks in PDF and PostScript, e.g. `PANTONE 286 C`. */
export const SPOT_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9])?$/;

/** A colour without colour management: what the inks leave of white light. */
export function toCmyk([red, green, blue]: Rgb): Cmyk {
  const black = 1 - Math.max(red, green, blue) / 255;
  const share = (channel: number) => (black === 1 ? 0 : 1 - channel / 255 / (1 - black));
  return [share(red), share(green), share(blue), black];
}

/** What an ink makes of a colour, as numbers in PDF and PostScript; a spot colour has operators of its own. */
export function inkColor(
  color: Rgb,
  isInk: boolean,
  { kind }: Ink,
): { space: "rgb" | "cmyk"; values: readonly number[] } {
  if (kind === "rgb") return { space: "rgb", values: color.map((channel) => channel / 255) };
  if (kind === "cmyk") return { space: "cmyk", values: toCmyk(color) };
  return { space: "cmyk", values: [0, 0, 0, isInk ? 1 : 0] };
}
