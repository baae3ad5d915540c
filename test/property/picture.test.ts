import fc from "fast-check";
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { Invalid } from "../../core/errors.ts";
import { type Rgb, toHex } from "../../core/picture/color.ts";
import { contrastProblem, MIN_CONTRAST, symbolContrast } from "../../core/picture/contrast.ts";
import { ECC_LEVELS } from "../../core/picture/ecc.ts";
import { qrMatrix } from "../../core/picture/matrix.ts";
import { pngPicture } from "../../core/picture/png.ts";
import { svgPicture } from "../../core/picture/svg.ts";
import { plainOptions } from "../support/plain-options.ts";
import { rasterize, scan } from "../support/scanner.ts";

const URL_CHARACTERS =
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&'()*+,;=%";
const ORIGIN = "https://q.example/scan/";
const MAX_LENGTH = 300;

/** In ms: a failure needs longer than vitest's 5 s to shrink to a readable example. */
const TIMEOUT = 60_000;

const url = fc
  .string({ unit: fc.constantFrom(...URL_CHARACTERS), maxLength: MAX_LENGTH - ORIGIN.length, size: "max" })
  .map((rest) => ORIGIN + rest);

const channel = fc.integer({ min: 0, max: 255 });
const rgb: fc.Arbitrary<Rgb> = fc.tuple(channel, channel, channel);
const colors = fc.tuple(rgb, rgb).filter(([color, background]) => !contrastProblem(color, background));

const query = fc
  .record({
    margin: fc.integer({ min: 0, max: 16 }),
    ecc: fc.constantFrom(...ECC_LEVELS),
    colors,
  })
  .map(({ margin, ecc, colors: [color, background] }) => ({
    margin: String(margin),
    ecc,
    color: toHex(color),
    background: toHex(background),
  }));

/** Width of the picture in modules, as the SVG says it. */
function sideOf(svg: string): number {
  return Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
}

/** This hue, as light as still passes on the ground: channels grow from black until they saturate. */
function lightestPassing(hue: Rgb, ground: Rgb): Rgb {
  let lightest: Rgb = [0, 0, 0];
  for (let step = 1; step <= 1020; step++) {
    const [red, green, blue] = hue;
    const grow = (value: number) => Math.min(255, Math.round((value * step) / 255));
    const color: Rgb = [grow(red), grow(green), grow(blue)];
    if (contrastProblem(color, ground)) break;
    lightest = color;
  }
  return lightest;
}

describe("any picture", () => {
  it(
    "as PNG is scanned as its text, or refused for less than one pixel per module",
    async () => {
      const size = fc.oneof(fc.integer({ min: 64, max: 160 }), fc.integer({ min: 64, max: 2048 }));
      await fc.assert(
        fc.asyncProperty(url, query, size, async (text, given, px) => {
          const options = plainOptions({ ...given, size: String(px) }, "png");
          if (px < sideOf(svgPicture(text, options))) {
            expect(() => pngPicture(text, options)).toThrow(Invalid);
          } else {
            expect(await scan(pngPicture(text, options))).toBe(text);
          }
        }),
        { numRuns: 60 },
      );
    },
    TIMEOUT,
  );

  it(
    "as SVG is scanned as its text, drawn at any whole number of pixels per module",
    async () => {
      await fc.assert(
        fc.asyncProperty(url, query, fc.integer({ min: 1, max: 6 }), async (text, given, zoom) => {
          const svg = svgPicture(text, plainOptions(given, "svg"));
          expect(await scan(rasterize(svg, sideOf(svg) * zoom))).toBe(text);
        }),
        { numRuns: 60 },
      );
    },
    TIMEOUT,
  );

  // Not left to a scanner: at two to four uneven pixels a module, one in some hundred fails for any drawing.
  it(
    "as SVG has every module in its place, drawn at any width from two pixels per module",
    () => {
      fc.assert(
        fc.property(url, query, fc.double({ min: 2, max: 6, noNaN: true }), (text, given, zoom) => {
          const options = plainOptions(given, "svg");
          const svg = svgPicture(text, options);
          const matrix = qrMatrix(text, options.ecc);
          const { width, data, channels } = decode(rasterize(svg, Math.round(sideOf(svg) * zoom)));
          const scale = width / sideOf(svg);
          const centre = (module: number) => Math.floor((options.margin + module + 0.5) * scale);
          const drawn = matrix.map((row, y) =>
            row.map((_, x) => {
              const at = (centre(y) * width + centre(x)) * channels;
              return toHex([data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]) === given.color;
            }),
          );
          expect(drawn).toEqual(matrix);
        }),
        { numRuns: 50 },
      );
    },
    TIMEOUT,
  );
});

describe("any two colors", () => {
  it(
    "that just pass are scanned, whatever their hues",
    async () => {
      const ground = rgb.filter((color) => symbolContrast([0, 0, 0], color) >= MIN_CONTRAST);
      await fc.assert(
        fc.asyncProperty(rgb, ground, fc.integer({ min: 1, max: 10 }), async (hue, background, scale) => {
          const color = lightestPassing(hue, background);
          const given = { color: toHex(color), background: toHex(background), ecc: "L" };
          const size = String(Math.max(64, 33 * scale));
          expect(await scan(pngPicture(ORIGIN, plainOptions({ ...given, size }, "png")))).toBe(ORIGIN);
        }),
        { numRuns: 100 },
      );
    },
    TIMEOUT,
  );

  it(
    "never pass both ways round, and are refused both ways if they are close",
    () => {
      fc.assert(
        fc.property(rgb, rgb, (one, other) => {
          const passes = [contrastProblem(one, other), contrastProblem(other, one)].filter((found) => !found);
          const best = Math.max(symbolContrast(one, other), symbolContrast(other, one));
          expect(passes).toHaveLength(best >= MIN_CONTRAST ? 1 : 0);
        }),
        { numRuns: 1000 },
      );
    },
    TIMEOUT,
  );
});
