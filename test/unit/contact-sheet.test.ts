import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contactSheet } from "../../bin/contact-sheet/sheet.ts";
import { SHEET_STYLES, SHEET_TEXT } from "../../bin/contact-sheet/styles.ts";
import type { Box } from "../../core/picture/damage.ts";
import { styleSchema } from "../../core/picture/style-schema.ts";
import { blindDecoders } from "../support/decoders.ts";
import { type Raster, rasterOf } from "../support/raster.ts";

const FILE = join(import.meta.dirname, "../../docs/styles.png");

function cropped({ width, data }: Raster, { x, y, width: across, height: down }: Box): Raster {
  const crop = new Uint8ClampedArray(4 * across * down);
  for (let row = 0; row < down; row++) {
    const from = 4 * ((y + row) * width + x);
    crop.set(data.subarray(from, from + 4 * across), 4 * row * across);
  }
  return { width: across, height: down, data: crop };
}

describe("the contact sheet", async () => {
  const { png, places } = await contactSheet();
  const sheet = rasterOf(readFileSync(FILE));

  it("is the one in the documents, of 24 styles", () => {
    expect(places).toHaveLength(24);
    // Where this fails: `npm run contact-sheet`, and look at it.
    expect(Buffer.compare(readFileSync(FILE), png)).toBe(0);
  });

  it.each(SHEET_STYLES.map(([name, style], n) => ({ name, style, n })))(
    "shows $name, which is a style that the service takes and three decoders read",
    async ({ style, n }) => {
      expect(styleSchema.parse(style)).toEqual(style);
      const place = places[n] ?? expect.unreachable();
      expect(await blindDecoders(cropped(sheet, place), SHEET_TEXT)).toEqual([]);
    },
  );
});
