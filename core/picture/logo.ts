import { type Box, centredBox, largestCentredBox, mayCover } from "./damage.ts";
import { ECC_LEVELS, type Ecc } from "./ecc.ts";
import { type Matrix, qrMatrix } from "./matrix.ts";
import { symbolOf } from "./symbol.ts";

/** A logo in the middle of a code, with the ground that is left around it. */
export interface Logo {
  /** Its width as a share of the code's, without the quiet zone: above 0, at most 1. */
  readonly share: number;
  /** Width by height. */
  readonly aspect: number;
}

/** A code with room for a logo. */
export interface Placed {
  readonly ecc: Ecc;
  readonly matrix: Matrix;
  /** What the logo covers, from the code's corner, in modules. */
  readonly box: Box;
}

/** The largest share at each level, rounded down to thousandths; 0 where no logo fits. */
export type LargestShares = Record<Ecc, number>;

/** The code of a text at this level with the logo in it, or how large the logo may be instead. */
export function placeLogo(text: string, ecc: Ecc, logo: Logo): Placed | LargestShares {
  return placedAt(text, ecc, logo) ?? largestShares(text, logo.aspect);
}

/**
 * The code of a text with the logo in it: at the lowest level from the given one at which it may be as large as asked
 * for, or else as large as may be at the level that leaves it most. `undefined` if none leaves room for any.
 */
export function fitLogo(text: string, ecc: Ecc, logo: Logo): Placed | undefined {
  const levels = ECC_LEVELS.slice(ECC_LEVELS.indexOf(ecc));
  for (const level of levels) {
    const placed = placedAt(text, level, logo);
    if (placed) return placed;
  }
  const largest = levels
    .map((level) => ({ level, share: largestShare(text, level, logo.aspect) }))
    .reduce((best, other) => (other.share > best.share ? other : best));
  return placedAt(text, largest.level, { ...logo, share: largest.share });
}

/** How large a logo may be in the code of a text. */
export function largestShares(text: string, aspect: number): LargestShares {
  return Object.fromEntries(ECC_LEVELS.map((ecc) => [ecc, largestShare(text, ecc, aspect)])) as LargestShares;
}

function largestShare(text: string, ecc: Ecc, aspect: number): number {
  const { length } = qrMatrix(text, ecc);
  const box = largestCentredBox(symbolOf(length, ecc), aspect);
  return box ? Math.floor((1_000 * box.width) / length) / 1_000 : 0;
}

function placedAt(text: string, ecc: Ecc, { share, aspect }: Logo): Placed | undefined {
  if (share <= 0) return undefined;
  const matrix = qrMatrix(text, ecc);
  const width = share * matrix.length;
  const box = centredBox(matrix.length, width, width / aspect);
  return mayCover(symbolOf(matrix.length, ecc), box) ? { ecc, matrix, box } : undefined;
}
