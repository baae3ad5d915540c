import { describe, expect, it } from "vitest";
import { designOf } from "../../core/picture/design.ts";
import { layOut } from "../../core/picture/layout.ts";
import { rasterOf } from "../../core/picture/raster.ts";
import { MODULE_SHAPES } from "../../core/picture/style.ts";
import { alignmentCentres } from "../../core/picture/symbol.ts";
import { blindDecoders } from "../support/decoders.ts";

const PX = 6;
const MARGIN = 4;

/** A picture of our own drawing. */
function drawn(text: string, style: Parameters<typeof designOf>[0], pxPerModule: number) {
  const { scene, matrix } = layOut(text, designOf(style), undefined, "refuse");
  const { width, height, data } = rasterOf(scene, Math.round(scene.width * pxPerModule));
  return { side: matrix.length, width, height, data: new Uint8ClampedArray(data) };
}

describe.each(MODULE_SHAPES)("alignment patterns in a code of shape %s", (modules) => {
  it.each([
    ["at the bottom right alone", "https://qr.example.com/scan/qr_3fJk29dLmPqR"],
    ["on the timing patterns, too", "https://qr.example.com/scan/".padEnd(150, "a")],
  ])("are whole squares: %s", (_where, text) => {
    const { side, width, data } = drawn(text, { modules, margin: MARGIN }, PX);
    const centres = alignmentCentres((side - 17) / 4);
    const last = centres.at(-1);
    for (const x of centres) {
      for (const y of centres) {
        if ((x === 6 && (y === 6 || y === last)) || (y === 6 && x === last)) continue;
        for (let row = 0; row < 5 * PX; row++) {
          for (let column = 0; column < 5 * PX; column++) {
            const ring = Math.max(Math.abs(Math.floor(column / PX) - 2), Math.abs(Math.floor(row / PX) - 2));
            const at = ((y - 2 + MARGIN) * PX + row) * width + (x - 2 + MARGIN) * PX + column;
            expect(data[4 * at], `pixel ${column}, ${row} of the pattern at ${x}, ${y}`).toBe(
              ring === 1 ? 255 : 0,
            );
          }
        }
      }
    }
  });
});

describe("a framed code of rounded modules", () => {
  // jsQR places a rounded alignment pattern a third of a module aside at these sizes, and reads none of them.
  it.each([4, 6, 6.5])("is read by every decoder at %d px a module", async (pxPerModule) => {
    const text = "https://qr.example.com/scan/qr_DyuS2YJptK6T";
    const picture = drawn(text, { ecc: "L", modules: "rounded", frame: "line" }, pxPerModule);
    expect(await blindDecoders(picture, text)).toEqual([]);
  });
});
