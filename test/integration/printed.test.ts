import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { SHEET_LOGOS, SHEET_STYLES } from "../../bin/contact-sheet/styles.ts";
import { drawPicture } from "../../core/picture/draw.ts";
import { qrMatrix } from "../../core/picture/matrix.ts";
import { pngPicture } from "../../core/picture/png.ts";
import { withDensity } from "../../core/picture/png-density.ts";
import { epsOf } from "../../core/picture/print/eps.ts";
import { type Ink, SPOT_NAME, toCmyk } from "../../core/picture/print/ink.ts";
import { parseLength } from "../../core/picture/print/length.ts";
import { pdfOf } from "../../core/picture/print/pdf.ts";
import { sceneOf } from "../../core/picture/scene.ts";
import { FINDER_SHAPES, MODULE_SHAPES, type Style } from "../../core/picture/style.ts";
import { redrawLogo } from "../../functions/put-logo/redraw.ts";
import { blindDecoders } from "../support/decoders.ts";
import { plainOptions } from "../support/plain-options.ts";
import { inkCoverage, type PageReader, pdfInfo, rasterizePage } from "../support/printed.ts";
import { lacks } from "../support/requirements.ts";

const TEXT = "https://qr.example.com/scan/qr_3fJk29dLmPqR";
const MARGIN = 4;
const BLACK_INK: Ink = { kind: "black" };
const SPOT: Ink = { kind: "spot", name: "PANTONE 286 C", alternate: [1, 0.75, 0, 0] };

function sceneIn(style: Partial<Style> = {}) {
  const black = [0, 0, 0] as const;
  const plain: Style = {
    modules: "square",
    finders: "square",
    color: black,
    ring: black,
    eye: black,
    ground: [255, 255, 255],
  };
  return sceneOf(qrMatrix(TEXT, "M"), MARGIN, { ...plain, ...style });
}

const FORMATS = { pdf: pdfOf, eps: epsOf };
const WAYS: [PageReader, "pdf" | "eps"][] = [
  ["pdftoppm", "pdf"],
  ["gs", "pdf"],
  ["gs", "eps"],
];
const missing = { pdftoppm: await lacks("pdftoppm"), gs: await lacks("gs") };

describe.each(WAYS)("as %s reads a %s", (reader, type) => {
  describe.skipIf(missing[reader])("it", () => {
    it.each([300, 600])("has its size to a dot at %i dpi, and is read by three decoders", async (dpi) => {
      for (const widthMm of [15, 30, 51.3]) {
        const page = rasterizePage(reader, FORMATS[type](sceneIn(), widthMm, BLACK_INK), type, dpi);
        expect(Math.abs(page.width - (widthMm / 25.4) * dpi)).toBeLessThanOrEqual(1);
        expect(Math.abs(page.height - (widthMm / 25.4) * dpi)).toBeLessThanOrEqual(1);
        expect(await blindDecoders(page, TEXT)).toEqual([]);
      }
    });

    it.each(MODULE_SHAPES.flatMap((modules) => FINDER_SHAPES.map((finders) => ({ modules, finders }))))(
      "is read with %j in colours",
      async (shapes) => {
        const style: Partial<Style> = {
          ...shapes,
          color: [0, 51, 102],
          ring: [120, 0, 30],
          ground: [255, 250, 220],
        };
        const page = FORMATS[type](sceneIn(style), 30, { kind: "rgb" });
        expect(await blindDecoders(rasterizePage(reader, page, type, 300), TEXT)).toEqual([]);
      },
    );

    it.each(SHEET_STYLES.filter(([, { logo, caption }]) => logo || caption))(
      "reads the style %s of the contact sheet at 300 and 600 dpi",
      { timeout: 120_000 },
      async (_name, style) => {
        const svg = SHEET_LOGOS[style.logo ?? ""];
        const logo = svg === undefined ? undefined : await redrawLogo(Buffer.from(svg));
        const order = { text: TEXT, style, fit: "fit" as const, measures: { widthMm: 40 }, logo };
        const page = Buffer.from((await drawPicture(type, order)) as Uint8Array).toString("latin1");
        for (const dpi of [300, 600])
          expect(await blindDecoders(rasterizePage(reader, page, type, dpi), TEXT)).toEqual([]);
      },
    );

    it("has no seams: where two dark modules meet, it is as dark as within them", () => {
      const matrix = qrMatrix(TEXT, "M");
      const side = matrix.length + 2 * MARGIN;
      // A module is 12.28 px wide: their borders lie within pixels.
      const page = rasterizePage(reader, FORMATS[type](sceneIn(), side * 1.04, BLACK_INK), type, 300);
      const px = page.width / side;
      const at = (x: number, y: number) => {
        const [column, row] = [Math.floor((MARGIN + x) * px), Math.floor((MARGIN + y) * px)];
        return page.data[4 * (row * page.width + column)];
      };
      const seams = matrix.flatMap((row, y) =>
        row.flatMap((dark, x) => {
          const within = at(x + 0.5, y + 0.5);
          const right = dark && row[x + 1] && at(x + 1, y + 0.5) !== within;
          const below = dark && matrix[y + 1]?.[x] && at(x + 0.5, y + 1) !== within;
          return right || below ? [[x, y]] : [];
        }),
      );
      expect(seams).toEqual([]);
    });
  });
});

describe.skipIf(missing.gs)("the ink of a print", () => {
  it.each(["pdf", "eps"] as const)("is black alone, as %s, if that is asked for", (type) => {
    const { black, ...others } = inkCoverage(FORMATS[type](sceneIn(), 30, BLACK_INK), type);
    expect(others).toEqual({ cyan: 0, magenta: 0, yellow: 0 });
    expect(black).toBeGreaterThan(0.2);
  });

  it.each(["pdf", "eps"] as const)("is the spot colour's, as %s, where there is no such ink", (type) => {
    const { cyan, black, yellow } = inkCoverage(FORMATS[type](sceneIn(), 30, SPOT), type);
    expect(cyan).toBeGreaterThan(0.2);
    expect([yellow, black]).toEqual([0, 0]);
  });
});

describe("a print", () => {
  it("names its spot colour", () => {
    expect(pdfOf(sceneIn(), 30, SPOT)).toContain("[/Separation /PANTONE#20286#20C /DeviceCMYK");
    expect(epsOf(sceneIn(), 30, SPOT)).toContain("%%DocumentCustomColors: (PANTONE 286 C)");
  });

  it.each(["(", "a)b", "a/b", "", " a", "a%", "é", "a".repeat(65)])("takes no spot colour %j", (name) => {
    expect(name).not.toMatch(SPOT_NAME);
  });

  it("without a ground paints none", () => {
    const [on, without] = [sceneIn(), sceneIn({ ground: "transparent" })].map((scene) =>
      pdfOf(scene, 30, BLACK_INK),
    );
    expect(on).toContain("0 0 0 0 k");
    expect(without).not.toContain("0 0 0 0 k");
  });

  it.skipIf(missing.pdftoppm)("is a page of just its size, which Poppler finds nothing wrong with", () => {
    const info = pdfInfo(pdfOf(sceneIn(), 30, BLACK_INK));
    expect(info).toMatch(/MediaBox: +0\.00 +0\.00 +85\.04 +85\.04/);
    expect(info).toMatch(/Pages: +1/);
  });

  it.each([
    ["30mm", 30],
    ["0.4mm", 0.4],
    ["1in", 25.4],
    ["1.5in", 38.1],
    ["30", undefined],
    ["30 mm", undefined],
    ["-1mm", undefined],
    ["1e1mm", undefined],
    [".5in", undefined],
    ["1.23456mm", undefined],
    ["30MM", undefined],
  ])("of %s is %s mm wide", (text, millimetres) => {
    expect(parseLength(text)).toEqual(millimetres === undefined ? undefined : expect.closeTo(millimetres, 9));
  });

  it("turns colours into inks without a profile", () => {
    expect(toCmyk([0, 0, 0])).toEqual([0, 0, 0, 1]);
    expect(toCmyk([255, 255, 255])).toEqual([0, 0, 0, 0]);
    expect(toCmyk([255, 0, 0])).toEqual([0, 1, 1, 0]);
  });

  it("as PNG says how large it is", async () => {
    const png = withDensity(pngPicture(TEXT, plainOptions({ size: "600" }, "png")), 50.8);
    expect(decode(png, { checkCrc: true }).resolution).toEqual({ x: 11_811, y: 11_811, unit: 1 });
  });
});
