import type { Ecc } from "./ecc.ts";
import { BLOCKS, ECC_PER_BLOCK } from "./version-tables.ts";

/** How a code holds a text: `utf8` is bytes behind a declaration of what they are (ISO/IEC 18004:2015, 7.4.2). */
export type Mode = "numeric" | "alphanumeric" | "bytes" | "utf8";

/** Bits of a segment before its characters, apart from their count: its mode, and the declaration with its own. */
const HEADER: Record<Mode, number> = { numeric: 4, alphanumeric: 4, bytes: 4, utf8: 4 + 8 + 4 };

/** Bits of the count of characters in versions 1 to 9, 10 to 26 and 27 to 40 (Table 3). */
const COUNT: Record<Mode, readonly [number, number, number]> = {
  numeric: [10, 12, 14],
  alphanumeric: [9, 11, 13],
  bytes: [8, 16, 16],
  utf8: [8, 16, 16],
};

const LAST_VERSION = 40;

/** The mode that takes least of all that hold the whole text. */
export function modeOf(text: string): Mode {
  if (/^[0-9]*$/.test(text)) return "numeric";
  if (/^[0-9A-Z $%*+\-./:]*$/.test(text)) return "alphanumeric";
  return /^[\0-\x7f]*$/.test(text) ? "bytes" : "utf8";
}

/** The text's length as its mode counts it: digits, characters or bytes. */
export function lengthOf(text: string): number {
  return modeOf(text) === "utf8" ? Buffer.byteLength(text) : text.length;
}

/** The most that a code of this level holds in a mode, as `lengthOf` counts it. */
export function maxLength(mode: Mode, ecc: Ecc): number {
  const bits = dataBits(LAST_VERSION, ecc) - headerBits(mode, LAST_VERSION);
  if (mode === "numeric") {
    const rest = bits % 10;
    return 3 * Math.floor(bits / 10) + (rest >= 7 ? 2 : Number(rest >= 4));
  }
  if (mode === "alphanumeric") return 2 * Math.floor(bits / 11) + Number(bits % 11 >= 6);
  return Math.floor(bits / 8);
}

/** Whether a code of this level holds the text. */
export function holds(text: string, ecc: Ecc): boolean {
  return lengthOf(text) <= maxLength(modeOf(text), ecc);
}

/** The smallest version that holds so many bytes in a mode of bytes; `undefined` if none does. */
export function versionFor(mode: "bytes" | "utf8", length: number, ecc: Ecc): number | undefined {
  for (let version = 1; version <= LAST_VERSION; version++)
    if (headerBits(mode, version) + 8 * length <= dataBits(version, ecc)) return version;
  return undefined;
}

/** Bits before the characters of a segment, with their count. */
export function headerBits(mode: Mode, version: number): number {
  return HEADER[mode] + COUNT[mode][version < 10 ? 0 : version < 27 ? 1 : 2];
}

/** Bits of data codewords. */
export function dataBits(version: number, ecc: Ecc): number {
  const correction = (BLOCKS[ecc][version - 1] ?? 0) * (ECC_PER_BLOCK[ecc][version - 1] ?? 0);
  return 8 * (Math.floor(moduleCount(version) / 8) - correction);
}

/** Modules of a version that hold data: the square without its patterns, format and version (Table 1). */
function moduleCount(version: number): number {
  const side = 4 * version + 17;
  const finders = 3 * 8 * 8;
  const timing = 2 * (side - 16);
  const format = 2 * 15 + 1;
  const perAxis = version === 1 ? 0 : Math.floor(version / 7) + 2;
  // Three of them would lie on finders; of those on the timing patterns, five modules are these.
  const alignment = perAxis === 0 ? 0 : 25 * (perAxis ** 2 - 3) - 10 * (perAxis - 2);
  return side ** 2 - finders - timing - format - alignment - (version < 7 ? 0 : 2 * 18);
}
