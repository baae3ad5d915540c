import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "../../core/picture/color.ts";
import { drawPicture } from "../../core/picture/draw.ts";
import { ECC_LEVELS } from "../../core/picture/ecc.ts";
import type { PictureOrder } from "../../core/picture/order.ts";
import { parsePictureQuery } from "../../core/picture/picture-query.ts";
import { DRAWING_VERSION, pictureTag } from "../../core/picture/picture-tag.ts";
import { pngPicture } from "../../core/picture/png.ts";
import { plainOptions } from "../support/plain-options.ts";

const TEXT = "https://q.example/scan/qr_3fJk29dLmPqR";

type Format = "svg" | "png" | "pdf" | "eps";

const LOGO = { png: pngPicture("logo", plainOptions({ size: "64" }, "png")), width: 64, height: 64 };

const order = (text: string, format: Format, query: Record<string, string>): PictureOrder => {
  const { style, measures } = parsePictureQuery(query, format);
  return { text, style, measures, fit: "fit", ...(style.logo === undefined ? {} : { logo: LOGO }) };
};
const draw = async (text: string, format: Format, query: Record<string, string>) =>
  Buffer.from((await drawPicture(format, order(text, format, query))) as Uint8Array);
const tag = (text: string, format: Format, query: Record<string, string>) => {
  const { logo, ...others } = order(text, format, query);
  return pictureTag(format, { ...others, logo: logo && "digest" });
};

const SAMPLES: [Format, Record<string, string>][] = [
  ["svg", {}],
  ["svg", { size: "300", margin: "0", ecc: "H", color: "036", background: "ffe" }],
  ["png", {}],
  ["png", { size: "2048", margin: "1", ecc: "L", color: "036", background: "ffe" }],
  ["svg", { modules: "dots", finders: "rounded", logo: "acme", caption: "Scan me", frame: "banner" }],
  ["png", { modules: "rounded", logo: "acme", caption: "Größe", frame: "line", width: "30mm" }],
  ["eps", { modules: "dots", ring: "036", spot: "Blue" }],
  ["pdf", { background: "transparent", module: "0.4mm" }],
];

describe("the tag of a picture", () => {
  // Where this fails, the pictures have changed: raise DRAWING_VERSION, and write the new digest beside it.
  it("has a version that stands for these very bytes", async () => {
    const digest = createHash("sha256");
    for (const [format, query] of SAMPLES) digest.update(await draw(TEXT, format, query));
    expect([DRAWING_VERSION, digest.digest("base64url")]).toEqual([
      4,
      "I18BbSAaVdzbOfXHukaQyDkxlP8Q2VGPxlIUhg7xu5g",
    ]);
  });

  it("is the same for the same options, however they are written", () => {
    expect(tag(TEXT, "png", { margin: "2", ecc: "H" })).toBe(tag(TEXT, "png", { ecc: "H", margin: "02" }));
    expect(tag(TEXT, "png", { color: "036" })).toBe(tag(TEXT, "png", { color: "#003366" }));
  });

  it("differs with the text, the format and each option", () => {
    const tags = [
      tag(TEXT, "svg", {}),
      tag(`${TEXT}x`, "svg", {}),
      tag(TEXT, "png", {}),
      ...[
        ...[{ size: "300" }, { width: "30mm" }, { margin: "3" }, { ecc: "L" }, { color: "001" }],
        ...[{ background: "ffe" }, { modules: "dots" }, { caption: "a" }, { logo: "acme" }],
      ].map((query: Record<string, string>) => tag(TEXT, "svg", query)),
    ];
    expect(new Set(tags).size).toBe(tags.length);
  });

  it("differs wherever two pictures do", async () => {
    const dark = fc.constantFrom<[number, number, number]>([0, 0, 0], [0, 0, 1], [0, 51, 102]);
    const query = fc.record({
      size: fc.constantFrom("296", "297", "592"),
      margin: fc.constantFrom("3", "4"),
      ecc: fc.constantFrom(...ECC_LEVELS),
      color: dark.map(toHex),
    });
    const text = fc.constantFrom(TEXT, `${TEXT}x`);
    const format = fc.constantFrom<Format>("svg", "png");
    await fc.assert(
      fc.asyncProperty(text, text, format, query, query, async (oneText, otherText, drawn, one, other) => {
        const same = (await draw(oneText, drawn, one)).equals(await draw(otherText, drawn, other));
        if (!same) expect(tag(oneText, drawn, one)).not.toBe(tag(otherText, drawn, other));
      }),
      { numRuns: 200 },
    );
  });
});
