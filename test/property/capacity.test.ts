import encodeQR from "qr";
import { describe, expect, it } from "vitest";
import { dataBits, holds, lengthOf, type Mode, maxLength, modeOf } from "../../core/picture/capacity.ts";
import { drawPicture } from "../../core/picture/draw.ts";
import { ECC_LEVELS } from "../../core/picture/ecc.ts";
import { qrMatrix } from "../../core/picture/matrix.ts";
import { symbolOf } from "../../core/picture/symbol.ts";
import { isCodeword, readCodewords } from "../support/codewords.ts";
import { blindDecoders } from "../support/decoders.ts";
import { rasterOf } from "../support/raster.ts";

/** Texts of each mode, of any length as the mode counts it. */
const TEXTS: Record<Mode, (length: number) => string> = {
  numeric: (length) => "7".repeat(length),
  alphanumeric: (length) => "A".repeat(length),
  bytes: (length) => "a".repeat(length),
  utf8: (length) => `${"é".repeat(Math.floor(length / 2))}${length % 2 ? "a" : ""}`,
};

describe("how much a code holds", () => {
  it.each(Object.keys(TEXTS) as Mode[])("is told to the character, of the mode %s", (mode) => {
    for (const ecc of ECC_LEVELS) {
      const most = maxLength(mode, ecc);
      const [longest, longer] = [TEXTS[mode](most), TEXTS[mode](most + 1)];
      expect([modeOf(longest), lengthOf(longest)]).toEqual([mode, most]);
      expect([holds(longest, ecc), holds(longer, ecc)]).toEqual([true, false]);
      expect(qrMatrix(longest, ecc)).toHaveLength(177);
      expect(() => qrMatrix(longer, ecc)).toThrow(RangeError);
      const encode = (text: string) =>
        encodeQR(text, "raw", { ecc: ({ L: "low", M: "medium", Q: "quartile", H: "high" } as const)[ecc] });
      // The encoder has no declaration of what its bytes are, and so room for a character or two more.
      if (mode !== "utf8") expect(() => encode(longer)).toThrow("Capacity overflow");
    }
  });

  it("is that of its blocks, in every version and level", () => {
    for (let version = 1; version <= 40; version++) {
      for (const ecc of ECC_LEVELS) {
        const { blocks } = symbolOf(4 * version + 17, ecc);
        const codewords = blocks.reduce((sum, block) => sum + block.codewords.length - block.eccCodewords, 0);
        expect(dataBits(version, ecc)).toBe(8 * codewords);
      }
    }
  });
});

describe("a text beyond ASCII", () => {
  /** The characters that decide whether a reader who has to guess is right. */
  const WORDS = [
    "é",
    "ü",
    "Grüße aus Zürich",
    "café",
    "日本語",
    "ｶﾅ",
    "Ω",
    "Привет",
    "مرحبا",
    "😀",
    "Škoda",
    "¥",
    "ÿþ",
    "Ã¼",
  ];

  it.each(WORDS)("is read as %s by three decoders", async (word) => {
    for (const ecc of ECC_LEVELS) {
      for (const text of [word, `${word} `.repeat(40)]) {
        const order = { text, style: { ecc }, fit: "omit" as const, measures: { px: 900 } };
        const png = (await drawPicture("png", order)) as Uint8Array;
        expect([ecc, text, await blindDecoders(rasterOf(png), text)]).toEqual([ecc, text, []]);
      }
    }
  });

  it("makes codes without an error, of every version and level", () => {
    for (let version = 1; version <= 40; version++) {
      for (const ecc of ECC_LEVELS) {
        const bytes = Math.floor((dataBits(version, ecc) - 32) / 8);
        for (const length of [bytes, bytes - 1, bytes - 2].filter((count) => count > 1)) {
          const matrix = qrMatrix(TEXTS.utf8(length), ecc);
          const symbol = symbolOf(matrix.length, ecc);
          const codewords = readCodewords(matrix, symbol);
          // The declaration of UTF-8, then bytes.
          expect([(codewords[0] ?? 0) >> 4, ...opening(codewords, symbol)]).toEqual([0b0111, 26, 0b0100]);
          expect(symbol.blocks.every((block) => isCodeword(block, codewords))).toBe(true);
        }
      }
    }
  });
});

/** The number of the declaration, and the mode behind it: of the first block's first three codewords. */
function opening(codewords: readonly number[], { blocks }: ReturnType<typeof symbolOf>): number[] {
  const [first, second, third] = (blocks[0]?.codewords ?? []).map((place) => codewords[place] ?? 0);
  const bits = ((first ?? 0) << 16) | ((second ?? 0) << 8) | (third ?? 0);
  return [(bits >> 12) & 0xff, (bits >> 8) & 0xf];
}
