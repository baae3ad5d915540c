import encodeQR from "qr";
import { describe, expect, it } from "vitest";
import { centredBox, damageOf, mayCover } from "../../core/picture/damage.ts";
import { ECC_LEVELS, type Ecc } from "../../core/picture/ecc.ts";
import { clearedFor, largestLogo } from "../../core/picture/logo.ts";
import { alignmentCentres, symbolOf } from "../../core/picture/symbol.ts";
import { isCodeword, readCodewords } from "../support/codewords.ts";

const LEVELS = { L: "low", M: "medium", Q: "quartile", H: "high" } as const;
const VERSIONS = Array.from({ length: 40 }, (_, n) => n + 1);

const matrixOf = (version: number, ecc: Ecc) =>
  encodeQR(`https://q.example/${version}`.slice(0, 7), "raw", { ecc: LEVELS[ecc], version, border: 1 })
    .slice(1, -1)
    .map((row) => row.slice(1, -1));

describe.each(VERSIONS)("the map of version %i", (version) => {
  it.each(ECC_LEVELS)("at %s finds words of the Reed-Solomon code in every block of a drawn code", (ecc) => {
    const matrix = matrixOf(version, ecc);
    const symbol = symbolOf(matrix.length, ecc);
    const codewords = readCodewords(matrix, symbol);
    expect(symbol.blocks.flatMap((block) => block.codewords).sort((a, b) => a - b)).toEqual([
      ...codewords.keys(),
    ]);
    for (const block of symbol.blocks) expect(isCodeword(block, codewords)).toBe(true);
    // A wrong place would go unseen if any bits passed.
    const [first] = symbol.blocks;
    const last = first?.codewords.at(-1) ?? 0;
    codewords[last] = (codewords[last] ?? 0) ^ 1;
    expect(first && isCodeword(first, codewords)).toBe(false);
  });
});

describe("a symbol", () => {
  it.each([
    [1, []],
    [2, [6, 18]],
    [7, [6, 22, 38]],
    [14, [6, 26, 46, 66]],
    [32, [6, 34, 60, 86, 112, 138]],
    [36, [6, 24, 50, 76, 102, 128, 154]],
    [40, [6, 30, 58, 86, 114, 142, 170]],
  ])("of version %i has alignment patterns at %j", (version, centres) => {
    expect(alignmentCentres(version)).toEqual(centres);
  });

  it.each<[number, Ecc, number]>([
    [1, "L", 2],
    [1, "M", 4],
    [1, "Q", 6],
    [1, "H", 8],
    [2, "L", 4],
    [3, "L", 7],
    [3, "M", 13],
    [5, "Q", 9],
    [10, "L", 9],
    [40, "H", 15],
  ])("of version %i at %s corrects %i codewords a block (Table 9)", (version, ecc, capacity) => {
    for (const block of symbolOf(4 * version + 17, ecc).blocks) expect(block.capacity).toBe(capacity);
  });
});

describe("damage", () => {
  const symbol = symbolOf(29, "H");

  it("counts every codeword of which a module is touched, block by block", () => {
    const { worst, hurt } = damageOf(symbol, centredBox(29, 0.5, 0.5));
    expect(worst).toEqual({ damaged: 1, allowed: 5 });
    expect(hurt).toEqual([]);
    expect(damageOf(symbol, { x: 13.9, y: 14, width: 1, height: 1 }).worst.damaged).toBeGreaterThanOrEqual(1);
  });

  it.each([
    ["a finder", { x: 0, y: 0, width: 1, height: 1 }, "finder"],
    ["a separator", { x: 7.9, y: 7.9, width: 0.2, height: 0.2 }, "format"],
    ["the timing pattern", { x: 10, y: 6, width: 1, height: 1 }, "timing"],
    ["the format", { x: 8, y: 0, width: 1, height: 1 }, "format"],
    ["the dark module", { x: 8, y: 21, width: 1, height: 1 }, "format"],
    ["the last alignment pattern", { x: 20, y: 20, width: 1, height: 1 }, "last-alignment"],
  ])("refuses to cover %s", (_name, box, part) => {
    expect(damageOf(symbol, box).hurt).toContain(part);
    expect(mayCover(symbol, box)).toBe(false);
  });

  it.each([
    ["above the lower left finder", { x: 5, y: 34, width: 1, height: 1 }],
    ["beside the upper right one", { x: 34, y: 5, width: 1, height: 1 }],
  ])("refuses to cover the version of a code that states it: %s", (_where, box) => {
    const versionSeven = symbolOf(45, "H");
    expect(damageOf(versionSeven, box).hurt).toEqual(["version"]);
    expect(mayCover(versionSeven, box)).toBe(false);
  });

  it("never covers more than half of what a block corrects, at any version, level and aspect", () => {
    for (const version of VERSIONS) {
      for (const ecc of ECC_LEVELS) {
        for (const aspect of [1, 3, 1 / 3]) {
          const drawn = symbolOf(4 * version + 17, ecc);
          const logo = largestLogo(drawn, aspect);
          if (!logo) continue;
          const box = clearedFor(logo);
          const lost = new Set<number>();
          for (let y = Math.floor(box.y); y < Math.ceil(box.y + box.height); y++)
            for (let x = Math.floor(box.x); x < Math.ceil(box.x + box.width); x++)
              lost.add(drawn.codewords[y * drawn.side + x] ?? -1);
          for (const { codewords, capacity } of drawn.blocks)
            expect(codewords.filter((codeword) => lost.has(codeword)).length).toBeLessThanOrEqual(
              capacity / 2,
            );
        }
      }
    }
  });

  it.each<[number, Ecc, number]>([
    [29, "M", 5],
    [33, "Q", 15],
    [37, "H", 19],
  ])("leaves room for a logo in a code of %i modules at %s", (side, ecc, percent) => {
    const box = largestLogo(symbolOf(side, ecc), 1);
    expect(Math.round((100 * (box?.width ?? 0)) / side)).toBe(percent);
  });
});
