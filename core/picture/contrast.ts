import type { Rgb } from "./color.ts";

/**
 * Least symbol contrast of a code that is drawn: grade C of ISO/IEC 15415 (A 0.70, B 0.55, C 0.40, D 0.20),
 * the lowest grade that the usual application standards accept for print.
 */
export const MIN_CONTRAST = 0.4;

/** Luma of white, in the unit of {@link luma}. */
const FULL_LUMA = 255_000;

/**
 * Symbol contrast in the sense of ISO/IEC 15415 (lightest less darkest), -1 to 1: how much lighter the ground
 * is than the modules. Below zero the code is inverted.
 *
 * It is measured in luma, where the standard's calibrated verifier has reflectance, because a camera hands a
 * decoder luma. Linear luminance (WCAG's, too) would pass grey #989898 on green #00ff00, which has the luma
 * of that grey and can't be read, and refuse black on orange, which can.
 */
export function symbolContrast(modules: Rgb, ground: Rgb): number {
  return (luma(ground) - luma(modules)) / FULL_LUMA;
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
  return `color must be darker than background by at least ${MIN_CONTRAST * 100} % of full brightness, is ${percent} %`;
}

/** Luma by ITU-R BT.601, as in a JPEG or a camera's YUV frame; in thousandths, so that the sum is exact. */
function luma([red, green, blue]: Rgb): number {
  return 299 * red + 587 * green + 114 * blue;
}
