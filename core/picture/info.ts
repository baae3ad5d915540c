import { BLACK } from "./color.ts";
import { symbolContrast } from "./contrast.ts";
import { type Design, designOf } from "./design.ts";
import { ECC_LEVELS, type Ecc } from "./ecc.ts";
import { type Layout, layOut } from "./layout.ts";
import { type LargestShares, largestShares } from "./logo.ts";
import { qrMatrix } from "./matrix.ts";
import { DISTANCE, widthMmOf } from "./measures.ts";
import type { PictureOrder } from "./order.ts";
import type { PictureInfo, Warning } from "./picture-info.ts";

/** A code is to be a tenth as wide as the distance from which it is scanned. */
const DISTANCE_PER_WIDTH = 10;

/** Modules of the code that this rule of thumb has in mind (version 2); in a denser one each still has to be as large. */
const MODULES_OF_RULE = 25;

/** Four dots of a printer of 300 dpi: https://www.qrcode.com/en/howto/cell.html */
const MIN_MODULE_MM = 0.34;

const QUIET_ZONE = 4;

/**
 * Of full brightness. On white paper the edge of a darker ground takes the place of the code's own contrast: of photographs of
 * such styles jsQR reads 74 %, of brighter ones 90 %, of any in a frame 94 % (3,000 random styles).
 */
const MIN_BRIGHT_GROUND = 0.7;

/**
 * Says what would be drawn.
 *
 * @param idLength how many characters of the text, at its end, are the code's ID
 * @throws what `drawPicture` throws
 */
export function describePicture(order: PictureOrder, idLength: number): PictureInfo {
  const { text, measures, logo, style } = order;
  const layout = layOut(text, designOf(style), logo, order.fit);
  const { length } = layout.matrix;
  const distanceMm = measures.distanceMm ?? DISTANCE.default;
  const leastModule = Math.max(
    distanceMm / DISTANCE_PER_WIDTH / Math.min(length, MODULES_OF_RULE),
    MIN_MODULE_MM,
  );
  const { width, height } = layout.scene;
  const info: PictureInfo = {
    version: (length - 17) / 4,
    modules: length,
    errorCorrection: layout.ecc,
    widthInModules: width,
    heightInModules: Math.ceil(100 * height) / 100,
    distanceMm,
    leastWidthMm: upwards(leastModule * width),
    leastModuleMm: upwards(leastModule),
    warnings: [
      ...sizeWarnings(layout, order, leastModule),
      ...groundWarnings(designOf(style)),
      ...densityWarnings(layout, text, idLength),
    ],
  };
  if (!logo) return info;
  const largest = largestShares(text, logo.width / logo.height);
  return { ...info, logo: { size: tenths(layout.logoSize ?? 0), largest: inPercent(largest) } };
}

function sizeWarnings({ scene, logoSize }: Layout, order: PictureOrder, leastModule: number): Warning[] {
  const warnings: Warning[] = [];
  const widthMm = widthMmOf(scene, order.measures);
  if (widthMm !== undefined && widthMm < leastModule * scene.width) {
    const message = `${upwards(widthMm)} mm is less than the ${upwards(leastModule * scene.width)} mm that this distance needs`;
    warnings.push({ code: "too-small", message });
  }
  const { margin } = designOf(order.style);
  if (margin < QUIET_ZONE) {
    const message = `a quiet zone of ${margin} modules needs ${QUIET_ZONE - margin} more of white space around the picture`;
    warnings.push({ code: "narrow-quiet-zone", message });
  }
  if (order.style.logo && logoSize === undefined) {
    const message = order.logo
      ? "this code has no room for the logo"
      : `there is no logo ${order.style.logo}`;
    warnings.push({ code: "logo-left-out", message });
  }
  return warnings;
}

/** A frame parts the ground from what is around it. */
function groundWarnings({ frame, look: { ground } }: Design): Warning[] {
  const isBright = ground === "transparent" || symbolContrast(BLACK, ground) >= MIN_BRIGHT_GROUND;
  if (frame !== "none" || isBright) return [];
  const message = "on white paper fewer scanners read a background this dark: a frame or a lighter one helps";
  return [{ code: "dark-ground", message }];
}

/** What would make the modules larger in the same space. */
function densityWarnings({ matrix, ecc }: Layout, text: string, idLength: number): Warning[] {
  const { length } = matrix;
  const lower = ECC_LEVELS.slice(0, ECC_LEVELS.indexOf(ecc)).find(
    (level) => qrMatrix(text, level).length < length,
  );
  const shorter = shorterBy(text, ecc, length, idLength);
  return [
    ...(lower === undefined
      ? []
      : [
          {
            code: "lower-level" as const,
            message: `at ${lower} the code would have ${qrMatrix(text, lower).length} modules a side instead of ${length}`,
          },
        ]),
    ...(shorter === undefined
      ? []
      : [
          {
            code: "shorter-id" as const,
            message: `an ID of ${idLength - shorter} characters instead of ${idLength} would make a code of ${length - 4} modules a side instead of ${length}`,
          },
        ]),
  ];
}

/** An ID has at least so many characters. */
const MIN_ID_LENGTH = 3;

/** How many characters less make the code smaller; `undefined` if an ID can't be that short. */
function shorterBy(text: string, ecc: Ecc, length: number, idLength: number): number | undefined {
  const isSmaller = (by: number) => qrMatrix(text.slice(0, text.length - by), ecc).length < length;
  const most = idLength - MIN_ID_LENGTH;
  if (most < 1 || !isSmaller(most)) return undefined;
  let [not, enough] = [0, most];
  while (enough - not > 1) {
    const middle = Math.floor((not + enough) / 2);
    if (isSmaller(middle)) enough = middle;
    else not = middle;
  }
  return enough;
}

const inPercent = (shares: LargestShares) =>
  Object.fromEntries(ECC_LEVELS.map((ecc) => [ecc, tenths(100 * shares[ecc])])) as Record<Ecc, number>;

const tenths = (value: number) => Math.round(10 * value) / 10;

const upwards = (millimetres: number) => Math.ceil(100 * millimetres - 1e-6) / 100;
