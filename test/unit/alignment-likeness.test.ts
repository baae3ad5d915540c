import { encode } from "fast-png";
import { describe, expect, it } from "vitest";
import { isLikeAlignment } from "../../core/picture/alignment-likeness.ts";
import { type Box, centredBox } from "../../core/picture/damage.ts";
import { designOf } from "../../core/picture/design.ts";
import { layOut } from "../../core/picture/layout.ts";
import { clearedFor } from "../../core/picture/logo.ts";
import type { LogoImage } from "../../core/picture/logo-image.ts";
import { qrMatrix } from "../../core/picture/matrix.ts";
import { rasterOf } from "../../core/picture/raster.ts";
import { type QrSymbol, symbolOf } from "../../core/picture/symbol.ts";
import { blindDecoders } from "../support/decoders.ts";
import { repeatableNumbers } from "../support/drawn-urls.ts";
import type { Raster } from "../support/raster.ts";

const PX = 4;

/** Whether it is mistaken at a place in a code of the symbol's size. */
const isMistaken = (logo: LogoImage, box: Box, symbol: QrSymbol) => {
  const matrix = qrMatrix("7".repeat({ 45: 150, 41: 125 }[symbol.side] ?? expect.unreachable()), "H");
  expect(matrix).toHaveLength(symbol.side);
  const { look } = designOf({});
  return isLikeAlignment({ matrix, logo, box, cleared: clearedFor(box), look }, symbol);
};

/** A logo of so many blocks a side. */
function logoOf(blocks: number, isDark: (x: number, y: number) => boolean): LogoImage {
  const side = blocks * PX;
  const data = new Uint8Array(4 * side * side).fill(255);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      if (isDark(Math.floor(x / PX), Math.floor(y / PX))) data.set([0, 0, 0], 4 * (y * side + x));
  return {
    png: encode({ width: side, height: side, data, depth: 8, channels: 4 }),
    width: side,
    height: side,
  };
}

const ring = (x: number, y: number) => Math.max(Math.abs(x), Math.abs(y)) !== 1;
/** An alignment pattern in the upper left of a field of nine modules. */
const ASIDE = logoOf(9, (x, y) => x < 5 && y < 5 && ring(x - 2, y - 2));
/** One in the middle, where the code has its own. */
const IN_PLACE = logoOf(9, (x, y) => x > 1 && x < 7 && y > 1 && y < 7 && ring(x - 4, y - 4));

describe("what a logo looks like", () => {
  const versionSeven = symbolOf(45, "H");
  const box = centredBox(45, 9, 9);

  it("is a matter only where it shows an alignment pattern aside of the code's own", () => {
    expect(isMistaken(ASIDE, box, versionSeven)).toBe(true);
    expect(isMistaken(IN_PLACE, box, versionSeven)).toBe(false);
    for (const isDark of [true, false]) {
      const plain = logoOf(9, () => isDark);
      expect(isMistaken(plain, box, versionSeven)).toBe(false);
    }
  });

  it("is no matter in a code without an alignment pattern there", () => {
    expect(isMistaken(ASIDE, centredBox(41, 9, 9), symbolOf(41, "H"))).toBe(false);
  });

  it("passes where every decoder reads the code, whatever the logo shows", { timeout: 120_000 }, async () => {
    const random = repeatableNumbers(4_711);
    let fitted = 0;
    for (let n = 0; n < 16; n++) {
      const text = `https://q.example/scan/${"a".repeat(60 + 7 * n)}`;
      const dark = Array.from({ length: 36 }, () => random() < 0.5);
      const noise = logoOf(6, (x, y) => dark[6 * y + x] ?? false);
      const { scene } = layOut(text, designOf({ ecc: "Q", logoSize: 50 }), noise, "omit");
      if (scene.image) fitted += 1;
      const { width, height, data } = rasterOf(scene, scene.width * 6);
      const raster: Raster = { width, height, data: new Uint8ClampedArray(data) };
      expect(await blindDecoders(raster, text), text).toEqual([]);
    }
    expect(fitted).toBeGreaterThan(12);
  });
});
