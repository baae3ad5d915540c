import { describe, expect, it } from "vitest";
import { mayCover } from "../../core/picture/damage.ts";
import { ECC_LEVELS } from "../../core/picture/ecc.ts";
import { fitLogo, largestShares, placeLogo } from "../../core/picture/logo.ts";
import { qrMatrix } from "../../core/picture/matrix.ts";
import { symbolOf } from "../../core/picture/symbol.ts";
import { scanUrls } from "../support/drawn-urls.ts";

const TEXT = "https://qr.example.com/scan/qr_3fJk29dLmPqR";

describe("a logo", () => {
  it("is placed in the middle if the level bears it", () => {
    const placed = placeLogo(TEXT, "H", { share: 0.2, aspect: 2 });
    expect(placed).toMatchObject({ ecc: "H" });
    if (!("box" in placed)) return expect.unreachable();
    const { box, matrix } = placed;
    expect(box.width).toBeCloseTo(0.2 * matrix.length);
    expect(box.height).toBeCloseTo(0.1 * matrix.length);
    expect(box.x + box.width / 2).toBeCloseTo(matrix.length / 2);
    expect(box.y + box.height / 2).toBeCloseTo(matrix.length / 2);
  });

  it("that is too large is answered with what each level bears", () => {
    const largest = placeLogo(TEXT, "L", { share: 0.24, aspect: 1 });
    expect(largest).toEqual(largestShares(TEXT, 1));
    expect(largest).not.toHaveProperty("box");
  });

  it.each([1, 0.5, 3])("of aspect %d may be as large as it says, and no larger, at any level", (aspect) => {
    for (const text of scanUrls(12)) {
      const largest = largestShares(text, aspect);
      for (const ecc of ECC_LEVELS) {
        if (largest[ecc] === 0) continue;
        expect(placeLogo(text, ecc, { share: largest[ecc], aspect })).toHaveProperty("box");
        // A quarter of a module more in height, and a thousandth of rounding.
        const { length } = qrMatrix(text, ecc);
        const larger = largest[ecc] + 0.0011 + (0.25 * aspect) / length;
        expect(placeLogo(text, ecc, { share: larger, aspect })).not.toHaveProperty("box");
      }
    }
  });

  it("fits by a higher level before it shrinks, and the rule holds either way", () => {
    expect(fitLogo(TEXT, "L", { share: 0.05, aspect: 1 })?.ecc).toBe("L");
    const largest = largestShares(TEXT, 1);
    expect(largest.M).toBeLessThan(0.15);
    expect(largest.Q).toBeGreaterThanOrEqual(0.15);
    expect(fitLogo(TEXT, "L", { share: 0.15, aspect: 1 })?.ecc).toBe("Q");
    const shrunk = fitLogo(TEXT, "M", { share: 0.9, aspect: 1 }) ?? expect.unreachable();
    expect(shrunk.box.width / shrunk.matrix.length).toBeCloseTo(Math.max(...Object.values(largest)), 3);
    expect(mayCover(symbolOf(shrunk.matrix.length, shrunk.ecc), shrunk.box)).toBe(true);
  });
});
