import type { Rgb } from "../color.ts";
import type { Pixels } from "../pixels.ts";
import { type Ink, toCmyk } from "./ink.ts";

/** A logo's pixels in the colours of an ink, 8 bits a component. */
export interface Samples {
  /** `gray` stands for black ink and for a spot colour, too: how much of it is left out. */
  readonly space: "rgb" | "cmyk" | "gray";
  readonly data: Uint8Array;
}

/** @param paper what shows through where the logo is transparent; without it transparency is left to a mask */
export function samplesOf(pixels: Pixels, { kind }: Ink, paper?: Rgb): Samples {
  const space = kind === "rgb" || kind === "cmyk" ? kind : "gray";
  const components = { rgb: 3, cmyk: 4, gray: 1 }[space];
  const count = pixels.width * pixels.height;
  const data = new Uint8Array(components * count);
  for (let pixel = 0; pixel < count; pixel++) {
    const color = colorAt(pixels.data, 4 * pixel, paper);
    if (space === "rgb") data.set(color, 3 * pixel);
    else if (space === "gray") data[pixel] = lumaOf(color);
    else
      data.set(
        toCmyk(color).map((share) => Math.round(255 * share)),
        4 * pixel,
      );
  }
  return { space, data };
}

/** The pixels' alpha, 8 bits each; `undefined` if all are opaque. */
export function alphaOf({ data }: Pixels): Uint8Array | undefined {
  const alpha = new Uint8Array(data.length / 4);
  let isOpaque = true;
  for (let pixel = 0; pixel < alpha.length; pixel++) {
    const value = data[4 * pixel + 3] ?? 255;
    alpha[pixel] = value;
    isOpaque &&= value === 255;
  }
  return isOpaque ? undefined : alpha;
}

function colorAt(data: Uint8Array, at: number, paper: Rgb | undefined): Rgb {
  const alpha = paper ? (data[at + 3] ?? 255) / 255 : 1;
  const channel = (n: 0 | 1 | 2) => Math.round((data[at + n] ?? 0) * alpha + (paper?.[n] ?? 0) * (1 - alpha));
  return [channel(0), channel(1), channel(2)];
}

/** ITU-R BT.601. */
function lumaOf([red, green, blue]: Rgb): number {
  return Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
}
