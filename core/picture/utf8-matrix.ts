import encodeQR from "qr";
import { dataBits, headerBits, versionFor } from "./capacity.ts";
import type { Ecc } from "./ecc.ts";
import { errorCorrection } from "./reed-solomon.ts";
import { placesOf, type QrSymbol, symbolOf } from "./symbol.ts";

const LEVELS = { L: "low", M: "medium", Q: "quartile", H: "high" } as const;

/** Modes and the number of UTF-8 among the declarations of an encoding (ECI), each with its bits. */
const ECI = [0b0111, 4] as const;
const UTF_8 = [26, 8] as const;
const BYTES = [0b0100, 4] as const;

/** What fills up a code, by turns. */
const PADDING = [0xec, 0x11] as const;

/**
 * The smallest code that holds a text as UTF-8 and says so, with a border of one module. Where it is not said, readers guess:
 * zbar takes `Grüße` for Japanese.
 *
 * The encoder makes no such code. It makes one of bytes of our choice, which differs from this one in its first three
 * codewords and its last alone, so that its patterns and its mask hold; those codewords are then turned over, with the error
 * correction of what was turned: the code is linear.
 *
 * @returns `undefined` if no code of this level holds the text
 */
export function utf8Matrix(text: string, ecc: Ecc): boolean[][] | undefined {
  const bytes = new TextEncoder().encode(text);
  const version = versionFor("utf8", bytes.length, ecc);
  if (version === undefined) return undefined;
  const wanted = codewordsOf(bytes, version, ecc);
  // Behind the encoder's own header, which ends within a codeword.
  const header = headerBits("bytes", version);
  const behind = Uint8Array.from({ length: wanted.length - Math.ceil(header / 8) }, (_, n) =>
    bitsAt(wanted, header + 8 * n, 8),
  );
  const matrix = encodeQR("", "raw", {
    ecc: LEVELS[ecc],
    border: 1,
    version,
    encoding: "byte",
    textEncoder: () => behind,
  });
  const made = new Uint8Array(wanted.length);
  write(made, [BYTES, [behind.length, header - 4], ...[...behind].map((byte) => [byte, 8] as const)]);
  turnOver(matrix, symbolOf(4 * version + 17, ecc), (n) => (wanted[n] ?? 0) ^ (made[n] ?? 0));
  return matrix;
}

/** All data codewords of the code that is wanted: declaration, text, end, padding. */
function codewordsOf(bytes: Uint8Array, version: number, ecc: Ecc): Uint8Array {
  const codewords = new Uint8Array(dataBits(version, ecc) / 8);
  const countBits = headerBits("utf8", version) - 16;
  const text = [...bytes].map((byte) => [byte, 8] as const);
  const written = write(codewords, [ECI, UTF_8, BYTES, [bytes.length, countBits], ...text]);
  const end = Math.min(8 * codewords.length, written + 4);
  for (let at = Math.ceil(end / 8), n = 0; at < codewords.length; at++, n++)
    codewords[at] = PADDING[n % 2] ?? 0;
  return codewords;
}

/** Writes numbers of so many bits one after another, the highest bit first. Returns how many bits they are. */
function write(into: Uint8Array, parts: readonly (readonly [value: number, bits: number])[]): number {
  let at = 0;
  for (const [value, bits] of parts) {
    for (let bit = bits - 1; bit >= 0; bit--, at++)
      if ((value >> bit) & 1) into[at >> 3] = (into[at >> 3] ?? 0) | (0x80 >> (at & 7));
  }
  return at;
}

function bitsAt(from: Uint8Array, at: number, bits: number): number {
  let value = 0;
  for (let n = at; n < at + bits; n++) value = 2 * value + (((from[n >> 3] ?? 0) >> (7 - (n & 7))) & 1);
  return value;
}

/** Turns over the modules of what differs, with what corrects it. @param differing of a data codeword by its number */
function turnOver(matrix: boolean[][], symbol: QrSymbol, differing: (codeword: number) => number): void {
  const places = placesOf(symbol);
  let first = 0;
  for (const { codewords, eccCodewords } of symbol.blocks) {
    const length = codewords.length - eccCodewords;
    const data = Array.from({ length }, (_, n) => differing(first + n));
    first += length;
    if (data.every((value) => value === 0)) continue;
    for (const [n, value] of [...data, ...errorCorrection(data, eccCodewords)].entries()) {
      if (value === 0) continue;
      const at = 8 * (codewords[n] ?? 0);
      for (const [bit, place] of places.slice(at, at + 8).entries()) {
        const row = matrix[1 + Math.floor(place / symbol.side)];
        const x = 1 + (place % symbol.side);
        if (row && (value >> (7 - bit)) & 1) row[x] = !row[x];
      }
    }
  }
}
