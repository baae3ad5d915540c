import { describe, expect, it } from "vitest";
import { SHEET_STYLES, SHEET_TEXT } from "../../bin/contact-sheet/styles.ts";
import { designOf } from "../../core/picture/design.ts";
import { layOut } from "../../core/picture/layout.ts";
import { rasterOf as drawn, shrunk } from "../../core/picture/raster.ts";
import { svgOf } from "../../core/picture/svg.ts";
import { smallPng } from "../support/bad-logos.ts";
import { rasterOf } from "../support/raster.ts";
import { rasterize } from "../support/scanner.ts";

const LOGO = { png: smallPng(), width: 8, height: 8 };

describe("a scene as pixels", () => {
  it.each(SHEET_STYLES)("is what resvg makes of its SVG: %s", (_name, style) => {
    const { scene } = layOut(SHEET_TEXT, designOf(style), style.logo ? LOGO : undefined, "fit");
    // Modules of a whole number of pixels, and not: where all are upright, resvg does not smooth an SVG.
    for (const width of [scene.width * 8, ...(scene.isSquare ? [] : [333])]) {
      const own = drawn(scene, width);
      const other = rasterOf(rasterize(svgOf(scene, { px: width })));
      expect(own.width).toBe(other.width);
      expect(Math.abs(own.height - other.height)).toBeLessThanOrEqual(1);
      const rows = Math.min(own.height, other.height) - 1;
      let sum = 0;
      let large = 0;
      for (let at = 0; at < 4 * width * rows; at++) {
        const difference = Math.abs((own.data[at] ?? 0) - (other.data[at] ?? 0));
        sum += difference;
        if (difference > 128) large += 1;
      }
      // Edges are smoothed by four lines a pixel here, and by sixteen there.
      expect(sum / (4 * width * rows)).toBeLessThan(3);
      expect(large / (4 * width * rows)).toBeLessThan(0.004);
    }
  });
});

describe("pixels that are shrunk", () => {
  it("are the mean of what falls together, by its alpha", () => {
    const data = Uint8Array.of(255, 0, 0, 255, 0, 0, 255, 0, 255, 0, 0, 255, 0, 0, 255, 0);
    expect(shrunk({ width: 2, height: 2, data }, 1)).toEqual({
      width: 1,
      height: 1,
      data: Uint8Array.of(255, 0, 0, 128),
    });
  });

  it("stay as they are if they are small enough", () => {
    const pixels = { width: 1, height: 1, data: Uint8Array.of(1, 2, 3, 4) };
    expect(shrunk(pixels, 1)).toBe(pixels);
  });
});
