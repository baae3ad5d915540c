import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "../../core/picture/color.ts";
import { ECC_LEVELS } from "../../core/picture/ecc.ts";
import { type PictureFormat, parsePictureOptions } from "../../core/picture/options.ts";
import { DRAWING_VERSION, pictureTag } from "../../core/picture/picture-tag.ts";
import { pngPicture } from "../../core/picture/png.ts";
import { svgPicture } from "../../core/picture/svg.ts";

const TEXT = "https://q.example/scan/qr_3fJk29dLmPqR";

const draw = (text: string, format: PictureFormat, query: Record<string, string>) => {
  const options = parsePictureOptions(query, format);
  return format === "svg" ? Buffer.from(svgPicture(text, options)) : Buffer.from(pngPicture(text, options));
};
const tag = (text: string, format: PictureFormat, query: Record<string, string>) =>
  pictureTag(text, format, parsePictureOptions(query, format));

const SAMPLES: [PictureFormat, Record<string, string>][] = [
  ["svg", {}],
  ["svg", { size: "300", margin: "0", ecc: "H", color: "036", background: "ffe" }],
  ["png", {}],
  ["png", { size: "2048", margin: "1", ecc: "L", color: "036", background: "ffe" }],
];

describe("the tag of a picture", () => {
  // Where this fails, the pictures have changed: raise DRAWING_VERSION, and write the new digest beside it.
  it("has a version that stands for these very bytes", () => {
    const digest = createHash("sha256");
    for (const [format, query] of SAMPLES) digest.update(draw(TEXT, format, query));
    expect([DRAWING_VERSION, digest.digest("base64url")]).toEqual([
      1,
      "xFoFK-UkFGKG4_wqqUkXKzCj_00aqsihLzCFvdC6Esk",
    ]);
  });

  it("is the same for the same options, however they are written", () => {
    const long = { size: "512", margin: "4", ecc: "M", color: "#000000", background: "FFFFFF" };
    expect(tag(TEXT, "png", long)).toBe(tag(TEXT, "png", {}));
    expect(tag(TEXT, "png", { color: "036" })).toBe(tag(TEXT, "png", { color: "#003366" }));
  });

  it("differs with the text, the format and each option", () => {
    const tags = [
      tag(TEXT, "svg", {}),
      tag(`${TEXT}x`, "svg", {}),
      tag(TEXT, "png", {}),
      ...[{ size: "300" }, { margin: "3" }, { ecc: "L" }, { color: "001" }, { background: "ffe" }].map(
        (query: Record<string, string>) => tag(TEXT, "svg", query),
      ),
    ];
    expect(new Set(tags).size).toBe(tags.length);
  });

  it("differs wherever two pictures do", () => {
    const dark = fc.constantFrom<[number, number, number]>([0, 0, 0], [0, 0, 1], [0, 51, 102]);
    const query = fc.record({
      size: fc.constantFrom("296", "297", "592"),
      margin: fc.constantFrom("3", "4"),
      ecc: fc.constantFrom(...ECC_LEVELS),
      color: dark.map(toHex),
    });
    const text = fc.constantFrom(TEXT, `${TEXT}x`);
    const format = fc.constantFrom<PictureFormat>("svg", "png");
    fc.assert(
      fc.property(text, text, format, query, query, (oneText, otherText, drawn, one, other) => {
        const same = draw(oneText, drawn, one).equals(draw(otherText, drawn, other));
        if (!same) expect(tag(oneText, drawn, one)).not.toBe(tag(otherText, drawn, other));
      }),
      { numRuns: 200 },
    );
  });
});
