import { Unscannable } from "../errors.ts";
import { holds } from "./capacity.ts";
import { type Box, centredBox, mayCover } from "./damage.ts";
import { ECC_LEVELS, type Ecc } from "./ecc.ts";
import { type Matrix, qrMatrix } from "./matrix.ts";
import { type QrSymbol, symbolOf } from "./symbol.ts";

/** A logo in the middle of a code. */
export interface Logo {
  /** Its width as a share of the code's, without the quiet zone: above 0, at most 1. */
  readonly share: number;
  /** Width by height. */
  readonly aspect: number;
  /** Whether at its place it could be taken for an alignment pattern of the symbol (`alignment-likeness.ts`). */
  readonly isMistakable?: ((placed: Placed, symbol: QrSymbol) => boolean) | undefined;
}

/** A code with room for a logo. */
export interface Placed {
  readonly ecc: Ecc;
  readonly matrix: Matrix;
  /** Where the logo is drawn, from the code's corner, in modules. */
  readonly box: Box;
  /** What is kept free for it: no module that this touches is drawn. */
  readonly cleared: Box;
}

/** The largest share at each level, rounded down to thousandths; 0 where no logo fits. */
export type LargestShares = Record<Ecc, number>;

/**
 * Ground around a logo, in modules, so that no decoder takes its edge for a module's. Less around one of less than two
 * modules, which would otherwise clear more for its margin than for itself.
 */
const MARGIN = 1;

/** A logo that is less high or wide is a speck; in modules. */
const MIN_SIDE = 1;

/** What a logo keeps free: it counts as damage, with its margin. */
export function clearedFor({ x, y, width, height }: Box): Box {
  const margin = Math.min(MARGIN, width / 2, height / 2);
  return { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin };
}

/** The code of a text at this level with the logo in it, or how large the logo may be instead. */
export function placeLogo(text: string, ecc: Ecc, logo: Logo): Placed | LargestShares {
  return placedAt(text, ecc, logo) ?? largestShares(text, logo.aspect);
}

/** How a logo is shrunk where it could be mistaken: a logo that is a tenth smaller lies otherwise on the grid. */
const SHRINKING = [1, 0.9, 0.81, 0.73, 0.66, 0.59, 0.53] as const;

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
    .map((level) => ({ level, share: Math.min(logo.share, largestShare(text, level, logo.aspect)) }))
    .sort((one, other) => other.share - one.share);
  for (const factor of SHRINKING) {
    for (const { level, share } of largest) {
      const placed = placedAt(text, level, { ...logo, share: share * factor });
      if (placed) return placed;
    }
  }
  return undefined;
}

/** How large a logo may be in the code of a text. */
export function largestShares(text: string, aspect: number): LargestShares {
  return Object.fromEntries(ECC_LEVELS.map((ecc) => [ecc, largestShare(text, ecc, aspect)])) as LargestShares;
}

/**
 * The refusal of a logo.
 *
 * @param size in % of the code's width, as it was asked for
 */
export function logoProblem(size: number, ecc: Ecc, largest: LargestShares): Unscannable {
  const sizes = ECC_LEVELS.map((level) => `${Math.floor(1_000 * largest[level]) / 10} % at ${level}`);
  return new Unscannable([{ path: "logoSize", message: reason() }]);

  function reason(): string {
    if (Object.values(largest).every((share) => share === 0))
      return "leaves no logo room in this code: a shorter ID makes a code that has some";
    if (size / 100 <= largest[ecc])
      return `of ${size} lays the logo on an alignment pattern of this code, and it looks like one: another size, or fit=true, or a shorter ID, whose code has none there`;
    return `of ${size} would make the code unreadable: at most ${sizes.join(", ")} of its width; fit=true raises the level or shrinks the logo`;
  }
}

/** The largest logo in the middle of a symbol that the rule allows, in quarters of a module of its height. */
export function largestLogo(symbol: QrSymbol, aspect: number): Box | undefined {
  const box = (quarters: number) => centredBox(symbol.side, (quarters / 4) * aspect, quarters / 4);
  const least = Math.ceil(4 * MIN_SIDE * Math.max(1, 1 / aspect));
  // A larger box covers all that a smaller one does.
  let [fits, tooLarge] = [least - 1, 4 * symbol.side];
  while (tooLarge - fits > 1) {
    const middle = Math.floor((fits + tooLarge) / 2);
    if (mayCover(symbol, clearedFor(box(middle)))) fits = middle;
    else tooLarge = middle;
  }
  return fits >= least ? box(fits) : undefined;
}

function largestShare(text: string, ecc: Ecc, aspect: number): number {
  if (!holds(text, ecc)) return 0;
  const { length } = qrMatrix(text, ecc);
  const box = largestLogo(symbolOf(length, ecc), aspect);
  return box ? Math.floor((1_000 * box.width) / length) / 1_000 : 0;
}

function placedAt(text: string, ecc: Ecc, { share, aspect, isMistakable }: Logo): Placed | undefined {
  if (share <= 0 || !holds(text, ecc)) return undefined;
  const matrix = qrMatrix(text, ecc);
  const width = share * matrix.length;
  const box = centredBox(matrix.length, width, width / aspect);
  const cleared = clearedFor(box);
  const symbol = symbolOf(matrix.length, ecc);
  const placed: Placed = { ecc, matrix, box, cleared };
  return !mayCover(symbol, cleared) || isMistakable?.(placed, symbol) ? undefined : placed;
}
