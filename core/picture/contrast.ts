import type { Rgb } from "./color.ts";

/**
 * Least symbol contrast of a code that is drawn: grade C of ISO/IEC 15415 (A 0.70, B 0.55, C 0.40, D 0.20),
 * the lowest grade that the usual application standards accept for print.
 */
export const MIN_CONTRAST = 0.4;

/** Weights of red, green and blue, in ten-thousandths, so that sums are exact. */
type Luminance = readonly [red: number, green: number, blue: number];

const FULL = 10_000 * 255;

/** How decoders turn a colour into brightness. */
const LUMINANCES: readonly Luminance[] = [
  // ITU-R BT.601: ZXing-C++ (in 1,024ths), zbar-wasm, OpenCV, Pillow, and the luma of a JPEG or of a camera's frame.
  [2_990, 5_870, 1_140],
  // ITU-R BT.709: jsQR.
  [2_126, 7_152, 722],
  // The mean that counts green twice: ZXing for Java (RGBLuminanceSource).
  [2_500, 5_000, 2_500],
];

/**
 * Symbol contrast in the sense of ISO/IEC 15415 (lightest less darkest), -1 to 1: how much lighter the ground
 * is than the modules, by the decoders' luminance that sees the least of it. Below zero the code is inverted.
 *
 * It is measured in luma, where the standard's calibrated verifier has reflectance, because a camera hands a
 * decoder luma. Linear luminance (WCAG's, too) would pass grey #989898 on green #00ff00, which has the luma
 * of that grey and can't be read, and refuse black on orange, which can.
 */
export function symbolContrast(modules: Rgb, ground: Rgb): number {
  return Math.min(...contrasts(modules, ground));
}

/**
 * What is wrong with a code in these colours, or `undefined` if scanners read it. Inverted codes are refused
 * at any contrast: ISO/IEC 18004 allows them, and many readers never look for them.
 */
export function contrastProblem(modules: Rgb, ground: Rgb): string | undefined {
  const contrast = symbolContrast(modules, ground);
  if (contrast >= MIN_CONTRAST) return undefined;
  if (contrast < 0) return "color must be darker than background: many scanners can't read an inverted code";
  const percent = Math.floor(contrast * 100);
  return `color must be darker than background by at least ${MIN_CONTRAST * 100} % of full brightness, is ${percent} % to some scanners`;
}

function contrasts(modules: Rgb, ground: Rgb): number[] {
  return LUMINANCES.map((weights) => (luma(ground, weights) - luma(modules, weights)) / FULL);
}

function luma([red, green, blue]: Rgb, [ofRed, ofGreen, ofBlue]: Luminance): number {
  return ofRed * red + ofGreen * green + ofBlue * blue;
}
