import type { Ecc } from "./ecc.ts";
import { BLOCKS, ECC_PER_BLOCK, MISDECODE_PROTECTION } from "./version-tables.ts";

/** What a module is part of. `remainder` holds nothing: it fills up what is less than a codeword. */
export type Part =
  | "data"
  | "finder"
  | "timing"
  | "format"
  | "version"
  | "alignment"
  | "last-alignment"
  | "remainder";

/** A version of QR code at one level: which module belongs to what (ISO/IEC 18004:2015, 6.3, 7.5 and 7.7.3). */
export interface QrSymbol {
  readonly version: number;
  readonly ecc: Ecc;
  /** Modules a side, without a quiet zone. */
  readonly side: number;
  /** The part of the module at `y * side + x`. */
  readonly parts: readonly Part[];
  /** The index in the drawn sequence of the codeword that the module is a bit of; -1 outside of `data`. */
  readonly codewords: Int16Array;
  readonly blocks: readonly Block[];
}

/** A Reed-Solomon block. */
export interface Block {
  /** Its codewords, data first, as indices in the drawn sequence, in which blocks are interleaved. */
  readonly codewords: readonly number[];
  readonly eccCodewords: number;
  /** Wrong codewords that a reader can correct, without those that protect against misdecoding. */
  readonly capacity: number;
}

const known = new Map<string, QrSymbol>();

/** @param side of the matrix, 21 to 177 */
export function symbolOf(side: number, ecc: Ecc): QrSymbol {
  const version = (side - 17) / 4;
  const key = `${version}-${ecc}`;
  const symbol = known.get(key) ?? layOut(version, ecc);
  known.set(key, symbol);
  return symbol;
}

/** Where the bits of all codewords lie, in the drawn sequence and the highest of each first: eight of them are a codeword's. */
export function placesOf({ parts, side }: QrSymbol): readonly number[] {
  return dataPlaces(parts, side);
}

/** Coordinates of the centres of alignment patterns, along either axis (Annex E). */
export function alignmentCentres(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const last = 4 * version + 10;
  // Even steps from the far end; what does not divide evenly is left to the first of them.
  const step = version === 32 ? 26 : 2 * Math.ceil((last - 6) / (2 * (count - 1)));
  return [6, ...Array.from({ length: count - 1 }, (_, n) => last - (count - 2 - n) * step)];
}

/** Whether a module is one of an alignment pattern's, also of one that lies on a timing pattern. */
export function isInAlignment({ version }: QrSymbol): (x: number, y: number) => boolean {
  const centres = alignmentCentres(version);
  const last = centres.at(-1);
  const near = (at: number) => centres.find((centre) => Math.abs(centre - at) <= 2);
  return (x, y) => {
    const [column, row] = [near(x), near(y)];
    return column !== undefined && row !== undefined && !meetsFinder(column, row, last);
  };
}

function layOut(version: number, ecc: Ecc): QrSymbol {
  const side = 4 * version + 17;
  const parts: Part[] = Array(side * side).fill("data");
  drawFunctionPatterns(parts, version, side);
  const places = dataPlaces(parts, side);
  const total = Math.floor(places.length / 8);
  const codewords = new Int16Array(side * side).fill(-1);
  places.forEach((place, bit) => {
    if (bit < 8 * total) codewords[place] = bit >> 3;
    else parts[place] = "remainder";
  });
  return { version, ecc, side, parts, codewords, blocks: blocksOf(version, ecc, total) };
}

function drawFunctionPatterns(parts: Part[], version: number, side: number): void {
  const fill = (part: Part, left: number, top: number, width: number, height: number) => {
    for (let y = Math.max(0, top); y < Math.min(side, top + height); y++)
      parts.fill(part, y * side + Math.max(0, left), y * side + Math.min(side, left + width));
  };
  const centres = alignmentCentres(version);
  const last = centres.at(-1);
  for (const x of centres) {
    for (const y of centres) {
      const part = x === last && y === last ? "last-alignment" : "alignment";
      if (!meetsFinder(x, y, last)) fill(part, x - 2, y - 2, 5, 5);
    }
  }
  // Over the alignment patterns that lie on it, whose modules it shares.
  fill("timing", 0, 6, side, 1);
  fill("timing", 6, 0, 1, side);
  if (version >= 7) {
    fill("version", side - 11, 0, 3, 6);
    fill("version", 0, side - 11, 6, 3);
  }
  // The dark module counts as format.
  fill("format", 0, 0, 9, 9);
  fill("format", side - 8, 0, 8, 9);
  fill("format", 0, side - 8, 9, 8);
  fill("finder", 0, 0, 8, 8);
  fill("finder", side - 8, 0, 8, 8);
  fill("finder", 0, side - 8, 8, 8);
}

/** There is no alignment pattern at a finder. */
function meetsFinder(x: number, y: number, last: number | undefined): boolean {
  return (x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6);
}

/** Where the bits of the codewords lie, in their order: up and down in columns of two, from the right. */
function dataPlaces(parts: readonly Part[], side: number): number[] {
  const places: number[] = [];
  let upwards = true;
  for (let right = side - 1; right > 0; right -= 2) {
    // The column of the timing pattern belongs to no pair.
    if (right === 6) right = 5;
    for (let step = 0; step < side; step++) {
      const y = upwards ? side - 1 - step : step;
      for (const x of [right, right - 1]) if (parts[y * side + x] === "data") places.push(y * side + x);
    }
    upwards = !upwards;
  }
  return places;
}

function blocksOf(version: number, ecc: Ecc, total: number): Block[] {
  const count = BLOCKS[ecc][version - 1] ?? 0;
  const eccCodewords = ECC_PER_BLOCK[ecc][version - 1] ?? 0;
  const dataOfShort = Math.floor(total / count) - eccCodewords;
  const shortBlocks = count - (total % count);
  const lengths = Array.from({ length: count }, (_, block) => dataOfShort + (block < shortBlocks ? 0 : 1));
  const members: number[][] = lengths.map(() => []);
  let next = 0;
  for (let n = 0; n <= dataOfShort; n++)
    for (const [block, length] of lengths.entries()) if (n < length) members[block]?.push(next++);
  for (let n = 0; n < eccCodewords; n++) for (const member of members) member.push(next++);
  const reserved = MISDECODE_PROTECTION[`${version}-${ecc}`] ?? 0;
  const capacity = Math.floor((eccCodewords - reserved) / 2);
  return members.map((codewords) => ({ codewords, eccCodewords, capacity }));
}
