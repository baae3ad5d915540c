import type { Matrix } from "../../core/picture/matrix.ts";
import type { Block, QrSymbol } from "../../core/picture/symbol.ts";

/** Whether the mask turns the module at column `x`, row `y` over (ISO/IEC 18004:2015, Table 10). */
const MASKS: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** The codewords of a drawn code, in the order in which they are drawn, by the symbol's map of them. */
export function readCodewords(matrix: Matrix, { side, codewords }: QrSymbol): number[] {
  // The three bits of the mask are the third to fifth of the format, in row 8, turned over by 101.
  const mask = MASKS[[2, 3, 4].reduce((bits, x) => 2 * bits + Number(matrix[8]?.[x]), 0) ^ 0b101];
  const read: number[] = [];
  for (const place of placesInOrder(side)) {
    const codeword = codewords[place.y * side + place.x] ?? -1;
    if (codeword < 0) continue;
    const bit = Number(matrix[place.y]?.[place.x] !== mask?.(place.x, place.y));
    read[codeword] = 2 * (read[codeword] ?? 0) + bit;
  }
  return read;
}

/** Of each module pair by pair, as bits are placed: a codeword's highest bit comes first. */
function placesInOrder(side: number): { x: number; y: number }[] {
  const columns = Array.from({ length: side }, (_, n) => side - 1 - n).filter((x) => x !== 6);
  return Array.from({ length: columns.length / 2 }, (_, pair) => {
    const rows = Array.from({ length: side }, (_, y) => (pair % 2 === 0 ? side - 1 - y : y));
    return rows.flatMap((y) => columns.slice(2 * pair, 2 * pair + 2).map((x) => ({ x, y })));
  }).flat();
}

/** Powers of 2 in GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1, and the other way round. */
const EXP: number[] = [];
const LOG: number[] = [];
for (let power = 0, value = 1; power < 255; power++) {
  EXP.push(value);
  LOG[value] = power;
  value = value < 128 ? 2 * value : (2 * value) ^ 0x11d;
}

/** Whether the codewords of a block are a word of its Reed-Solomon code: all syndromes are zero. */
export function isCodeword(block: Block, codewords: readonly number[]): boolean {
  return Array.from({ length: block.eccCodewords }, (_, power) => {
    let sum = 0;
    for (const place of block.codewords) sum = times(sum, EXP[power] ?? 0) ^ (codewords[place] ?? Number.NaN);
    return sum;
  }).every((syndrome) => syndrome === 0);
}

function times(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  return EXP[((LOG[a] ?? 0) + (LOG[b] ?? 0)) % 255] ?? 0;
}
