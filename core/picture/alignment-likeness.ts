import type { Box } from "./damage.ts";
import { SAMPLES, sampled } from "./sampled.ts";
import { brightnessOf, type CodeWithLogo, lumaOf, paperOf } from "./seen-code.ts";
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
const STEP = 1 / SAMPLES;

/** A match as near as that to a pattern's place does no harm, unless one farther away is as good, or one a little farther better. */
const HARMLESS = 0.5;
const NEAR = 0.75;

/**
 * Of the ground's brightness: below it a pixel is dark, to one decoder or another. zbar's threshold is little less than the
 * mean of what is around.
 */
const THRESHOLDS = [0.3, 0.45, 0.6, 0.75, 0.9];

/**
 * zbar's own threshold: dark is what is darker, by three of 255, than the mean of a square around it whose side is a power of
 * two of pixels and at least an eighth of the picture's, up to 128 px (`qr_binarize` in its `qrcode/binarize.c`). Shares of
 * the picture's width: for large pictures, for others, and for a photograph that the code does not fill.
 */
const WINDOWS = [1 / 16, 1 / 8, 3 / 16, 1 / 4, 3 / 8];
const DARKER = 3 / 255;

/** Quiet zones of the picture, in modules. */
const AROUND = 8;

/**
 * Whether a logo that covers alignment patterns shows something like one, a little aside of where it should be: zbar bends
 * its grid to it, and then reads the modules around it in the wrong places.
 */
export function isLikeAlignment(code: CodeWithLogo, { version, side }: QrSymbol): boolean {
  const { box } = code;
  const centres = alignmentCentres(version);
  const covered = (centre: number, start: number, length: number) =>
    centre + 3 + REACH > start && centre - 2 - REACH < start + length;
  const columns = centres.filter((x) => x < side - 7 && covered(x, box.x, box.width));
  const rows = centres.filter((y) => y < side - 7 && covered(y, box.y, box.height));
  if (columns.length === 0 || rows.length === 0) return false;
  const windows = WINDOWS.map((share) => share * (side + AROUND));
  const around = 3 + REACH + Math.max(...windows) / 2;
  const picture = sampled(brightnessOf(code), areaAround(columns, rows, around));
  const thresholds = thresholdsOn(lumaOf(paperOf(code.look)));
  const views: IsDark[] = [
    ...thresholds.map(
      (threshold): IsDark =>
        (x, y) =>
          picture.at(x, y) < threshold,
    ),
    ...windows.map(
      (window): IsDark =>
        (x, y) =>
          picture.at(x, y) + DARKER < picture.mean(x, y, window),
    ),
  ];
  return views.some((isDark) =>
    columns.some((x) => rows.some((y) => isMatchNear((dx, dy) => isDark(x + 0.5 + dx, y + 0.5 + dy)))),
  );
}

type IsDark = (x: number, y: number) => boolean;

function thresholdsOn(ground: number): number[] {
  const above = ground < NEARLY_WHITE ? ABOVE_GROUND.map((share) => ground + share * (1 - ground)) : [];
  return [...THRESHOLDS.map((share) => share * ground), ...above];
}

function areaAround(columns: readonly number[], rows: readonly number[], distance: number): Box {
  const [x, y] = [Math.min(...columns) - distance, Math.min(...rows) - distance];
  const [right, bottom] = [Math.max(...columns) + 1 + distance, Math.max(...rows) + 1 + distance];
  return { x, y, width: right - x, height: bottom - y };
}

/** @param isDark by the distance from the pattern's place */
function isMatchNear(isDark: IsDark): boolean {
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
}

/** How many modules differ from the pattern's, up to one more than may. */
function differencesAt(isDark: IsDark, dx: number, dy: number): number {
  let different = 0;
  for (let n = 0; n < PATTERN.length && different <= MAX_DIFFERENT; n++) {
    if (isDark(dx + (n % 5) - 2, dy + Math.floor(n / 5) - 2) !== PATTERN[n]) different += 1;
  }
  return different;
}
