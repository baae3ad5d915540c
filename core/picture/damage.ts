import type { Part, QrSymbol } from "./symbol.ts";

/** A rectangle in modules from the symbol's upper left corner, without the quiet zone. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What covering a part of a symbol costs a reader. */
export interface Damage {
  /** Of the block that is nearest to its bound: codewords of which a module is covered, and what it may lose. */
  readonly worst: { readonly damaged: number; readonly allowed: number };
  /** Parts that are covered and must not be. */
  readonly hurt: readonly Part[];
}

/**
 * Share of a block's correction capacity that a picture may use up. The other half is left to dirt, wear and glare,
 * which is what error correction is printed for.
 */
const SHARE_OF_CAPACITY = 1 / 2;

/**
 * Parts without which a reader finds no grid. It corrects format and version by codes of their own, of a few bits, and
 * looks for the alignment pattern at the bottom right first.
 */
const NEVER_COVERED: ReadonlySet<Part> = new Set(["finder", "timing", "format", "version", "last-alignment"]);

/**
 * What a reader loses if the box is covered. A codeword counts as lost if any of its modules is touched, whatever
 * lies there: what covers it may be dark or light.
 */
export function damageOf(symbol: QrSymbol, box: Box): Damage {
  const { hurt, lost } = touched(symbol, box);
  let worst = { damaged: 0, allowed: Number.POSITIVE_INFINITY };
  for (const block of symbol.blocks) {
    const damaged = block.codewords.filter((codeword) => lost.has(codeword)).length;
    const allowed = Math.floor(block.capacity * SHARE_OF_CAPACITY);
    if (damaged - allowed > worst.damaged - worst.allowed) worst = { damaged, allowed };
  }
  return { worst, hurt: [...hurt] };
}

/** Whether the rule lets a picture cover the box. */
export function mayCover(symbol: QrSymbol, box: Box): boolean {
  const { worst, hurt } = damageOf(symbol, box);
  return worst.damaged <= worst.allowed && hurt.length === 0;
}

export function centredBox(side: number, width: number, height: number): Box {
  return { x: (side - width) / 2, y: (side - height) / 2, width, height };
}

/** The rows or columns that a stretch touches. Rounding errors are no module. */
export function modulesTouched(start: number, length: number): { from: number; to: number } {
  const tolerance = 1e-6;
  return { from: Math.floor(start + tolerance), to: Math.ceil(start + length - tolerance) };
}

function touched({ side, parts, codewords }: QrSymbol, box: Box): { hurt: Set<Part>; lost: Set<number> } {
  const hurt = new Set<Part>();
  const lost = new Set<number>();
  const [columns, rows] = [modulesTouched(box.x, box.width), modulesTouched(box.y, box.height)];
  for (let y = Math.max(0, rows.from); y < Math.min(side, rows.to); y++) {
    for (let x = Math.max(0, columns.from); x < Math.min(side, columns.to); x++) {
      const place = y * side + x;
      const part = parts[place];
      if (part && NEVER_COVERED.has(part)) hurt.add(part);
      const codeword = codewords[place] ?? -1;
      if (codeword >= 0) lost.add(codeword);
    }
  }
  return { hurt, lost };
}
