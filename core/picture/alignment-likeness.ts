import type { Rgb } from "./color.ts";
import type { Box } from "./damage.ts";
import type { LogoImage } from "./logo-image.ts";
import type { Pixels } from "./pixels.ts";
import { decodedLogo } from "./raster.ts";
import { alignmentCentres, type QrSymbol } from "./symbol.ts";

/** Dark modules of an alignment pattern, row by row (ISO/IEC 18004, 6.3.6). */
const PATTERN = [...("11111" + "10001" + "10101" + "10001" + "11111")].map((module) => module === "1");

/**
 * Of 25 modules, how many may differ. zbar takes up to 6 for a pattern that is blurred; one more is for what its threshold
 * makes of colours.
 */
const MAX_DIFFERENT = 7;

/** Beside what is brighter than it, the ground itself is dark to zbar: shares of what lies between it and white. */
const ABOVE_GROUND = [0.2, 0.5, 0.8];

/** A ground above which there is nothing brighter. */
const NEARLY_WHITE = 0.95;

/**
 * How far from its place a pattern is looked for, in modules, and in which steps: zbar looks two modules around where it
 * takes the place to be.
 */
const REACH = 2.5;
const STEP = 0.25;

/** A match as near as that to a pattern's place does no harm, unless one farther away is as good, or one a little farther better. */
const HARMLESS = 0.5;
const NEAR = 0.75;

/**
 * Of the ground's brightness: below it a pixel is dark, to one decoder or another. zbar's threshold is little less than the
 * mean of what is around.
 */
const THRESHOLDS = [0.3, 0.45, 0.6, 0.75, 0.9];

/**
 * Whether a logo that covers alignment patterns shows something like one, a little aside of where it should be: zbar bends
 * its grid to it, and then reads the modules around it in the wrong places.
 *
 * @param box the logo's, from the symbol's corner, in modules
 * @param paper what shows through where it is transparent, and what is around it
 */
export function isLikeAlignment(logo: LogoImage, box: Box, { version, side }: QrSymbol, paper: Rgb): boolean {
  const centres = alignmentCentres(version);
  const covered = (centre: number, start: number, length: number) =>
    centre + 3 + REACH > start && centre - 2 - REACH < start + length;
  const columns = centres.filter((x) => x < side - 7 && covered(x, box.x, box.width));
  const rows = centres.filter((y) => y < side - 7 && covered(y, box.y, box.height));
  if (columns.length === 0 || rows.length === 0) return false;
  const brightness = brightnessOf(decodedLogo(logo.png), box, paper);
  const ground = lumaOf(paper);
  const thresholds = [
    ...THRESHOLDS.map((share) => share * ground),
    ...(ground < NEARLY_WHITE ? ABOVE_GROUND.map((share) => ground + share * (1 - ground)) : []),
  ];
  return columns.some((x) => rows.some((y) => isMatchNear(brightness, thresholds, x + 0.5, y + 0.5)));
}

function isMatchNear(
  brightness: (x: number, y: number) => number,
  thresholds: readonly number[],
  x: number,
  y: number,
): boolean {
  return thresholds.some((threshold) => {
    const isDark = (dx: number, dy: number) => brightness(x + dx, y + dy) < threshold;
    let [inPlace, near, aside] = [PATTERN.length, PATTERN.length, PATTERN.length];
    for (let dy = -REACH; dy <= REACH; dy += STEP) {
      for (let dx = -REACH; dx <= REACH; dx += STEP) {
        const different = differencesAt(isDark, dx, dy);
        const distance = Math.hypot(dx, dy);
        if (distance <= HARMLESS) inPlace = Math.min(inPlace, different);
        else if (distance < NEAR) near = Math.min(near, different);
        else aside = Math.min(aside, different);
      }
    }
    return (aside <= MAX_DIFFERENT && aside <= inPlace) || (near <= MAX_DIFFERENT && near < inPlace);
  });
}

/** How many modules differ from the pattern's, up to one more than may. */
function differencesAt(isDark: (dx: number, dy: number) => boolean, dx: number, dy: number): number {
  let different = 0;
  for (let n = 0; n < PATTERN.length && different <= MAX_DIFFERENT; n++) {
    if (isDark(dx + (n % 5) - 2, dy + Math.floor(n / 5) - 2) !== PATTERN[n]) different += 1;
  }
  return different;
}

/** How bright the picture is at a place, 0 to 1. Outside of the logo it is taken for ground. */
function brightnessOf(
  { width, height, data }: Pixels,
  box: Box,
  paper: Rgb,
): (x: number, y: number) => number {
  return (x, y) => {
    const column = Math.floor(((x - box.x) / box.width) * width);
    const row = Math.floor(((y - box.y) / box.height) * height);
    const isInside = column >= 0 && row >= 0 && column < width && row < height;
    const at = 4 * (row * width + column);
    const alpha = isInside ? (data[at + 3] ?? 0) / 255 : 0;
    const channel = (n: 0 | 1 | 2) => (isInside ? (data[at + n] ?? 0) * alpha : 0) + paper[n] * (1 - alpha);
    return lumaOf([channel(0), channel(1), channel(2)]);
  };
}

/** ITU-R BT.601, 0 to 1. */
function lumaOf([red, green, blue]: Rgb): number {
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}
