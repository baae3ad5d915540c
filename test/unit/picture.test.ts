import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { type FieldError, Invalid } from "../../core/errors.ts";
import { parseHex, type Rgb, toHex } from "../../core/picture/color.ts";
import { contrastProblem, MIN_CONTRAST, symbolContrast } from "../../core/picture/contrast.ts";
import { qrMatrix } from "../../core/picture/matrix.ts";
import type { PlainOptions } from "../../core/picture/options.ts";
import { pngPicture } from "../../core/picture/png.ts";
import { svgPicture } from "../../core/picture/svg.ts";
import { blindDecoders } from "../support/decoders.ts";
import { plainOptions } from "../support/plain-options.ts";
import { rasterOf } from "../support/raster.ts";
import { rasterize, scan } from "../support/scanner.ts";

const TEXT = "https://q.example/scan/qr_3fJk29dLmPqR";

function svgOf(query: Record<string, string>): string {
  return svgPicture(TEXT, plainOptions(query, "svg"));
}

function pngOf(query: Record<string, string>): Uint8Array {
  return pngPicture(TEXT, plainOptions(query, "png"));
}

function problemsOf(action: () => unknown): FieldError[] {
  try {
    action();
  } catch (error) {
    if (error instanceof Invalid) return error.errors ?? [];
    throw error;
  }
  return [];
}

function refusedPaths(query: Record<string, string>, format: "svg" | "png" = "png"): string[] {
  return problemsOf(() => plainOptions(query, format)).map(({ path }) => path);
}

/** Each row as a string of its pixels' palette indices (1 is dark), unpacked from one bit a pixel. */
function pixelsOf(png: Uint8Array): string[] {
  const { data, width, height } = decode(png);
  const bytesPerRow = Math.ceil(width / 8);
  const bit = (x: number, y: number) => ((data[y * bytesPerRow + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1;
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => bit(x, y)).join(""),
  );
}

describe("options of a picture", () => {
  it("default to margin 4, ecc M, black on white, 512 px for a PNG and the code's own size for an SVG", () => {
    const common: PlainOptions = { margin: 4, ecc: "M", color: [0, 0, 0], background: [255, 255, 255] };
    expect(plainOptions({}, "png")).toStrictEqual({ ...common, size: 512 });
    expect(plainOptions({}, "svg")).toStrictEqual(common);
  });

  it("are read from a query that may hold other keys", () => {
    const query = { size: "64", margin: "0", ecc: "H", color: "#012", background: "fFfFfE", format: "png" };
    expect(plainOptions(query, "svg")).toStrictEqual({
      size: 64,
      margin: 0,
      ecc: "H",
      color: [0, 0x11, 0x22],
      background: [255, 255, 254],
    });
  });

  it.each(["64", "2048", "0512"])("take %s as a size", (size) => {
    expect(refusedPaths({ size })).toEqual([]);
  });

  it.each([
    "63",
    "2049",
    "-64",
    "+64",
    "64.0",
    "6e2",
    "0x80",
    " 64",
    "64\n",
    "٦٤",
    "",
    "64,128",
    "9".repeat(400),
  ])("refuse %j as a size", (size) => {
    expect(refusedPaths({ size })).toEqual(["size"]);
    expect(refusedPaths({ size }, "svg")).toEqual(["size"]);
  });

  it.each(["0", "16"])("take %s as a margin", (margin) => {
    expect(refusedPaths({ margin })).toEqual([]);
  });

  it.each(["-1", "17", "1.5", "", "4 "])("refuse %j as a margin", (margin) => {
    expect(refusedPaths({ margin })).toEqual(["margin"]);
  });

  it.each(["l", "X", "", "LM", "toString"])("refuse %j as ecc", (ecc) => {
    expect(refusedPaths({ ecc })).toEqual(["ecc"]);
  });

  it.each(["red", "", "#", "##000000", "0000", "00000", "0000000", "#00000g", "000000\n", '#000"/><script>'])(
    "refuse %j as a color",
    (hex) => {
      expect(refusedPaths({ color: hex })).toEqual(["color"]);
      expect(refusedPaths({ background: hex })).toEqual(["background"]);
    },
  );

  it("are refused all at once, each with what is allowed", () => {
    const query = { size: "1", margin: "99", ecc: "Z", color: "black", background: "white" };
    expect(problemsOf(() => plainOptions(query, "png"))).toEqual([
      { path: "size", message: "must be a whole number from 64 to 2048" },
      { path: "margin", message: "must be a whole number from 0 to 16" },
      { path: "ecc", message: "must be one of L, M, Q, H" },
      { path: "color", message: "must be a hex color such as 1a2b3c or #1a2b3c" },
      { path: "background", message: "must be a hex color such as 1a2b3c or #1a2b3c, or transparent" },
    ]);
  });

  it("name the given one of two colors that are too close", () => {
    expect(refusedPaths({ color: "eee" })).toEqual(["color"]);
    expect(refusedPaths({ background: "111" })).toEqual(["background"]);
    expect(refusedPaths({ color: "888", background: "999", size: "1" })).toEqual(["size", "color"]);
  });
});

describe("contrast of a code", () => {
  const rgb = (hex: string): Rgb => parseHex(hex) ?? [Number.NaN, Number.NaN, Number.NaN];

  it.each([
    ["999999", "ffffff"],
    ["000000", "666666"],
    ["ff8200", "ffffff"],
    ["00d500", "ffffff"],
    ["7777ff", "ffffff"],
  ])("passes and is scanned at the bound: %s on %s", async (color, background) => {
    expect(symbolContrast(rgb(color), rgb(background))).toBeCloseTo(MIN_CONTRAST, 2);
    expect(await scan(pngOf({ color, background }))).toBe(TEXT);
    expect(await scan(rasterize(svgOf({ color, background }), 300))).toBe(TEXT);
  });

  it.each([
    ["9a9a9a", "ffffff"],
    ["000000", "656565"],
    ["ffff00", "ffffff"],
    ["ffffff", "ffffff"],
  ])("is refused below the bound: %s on %s", (color, background) => {
    expect(contrastProblem(rgb(color), rgb(background))).toMatch(/by at least 40 % of full brightness/);
  });

  it.each(["00ff00", "25d366", "34c759"])(
    "is refused for #%s on white, which one of three decoders does not read from 8 px a module",
    async (hex) => {
      const color = rgb(hex);
      const pictures = [8, 10, 12, 16].map((scale) =>
        rasterOf(
          pngPicture(TEXT, { margin: 4, ecc: "M", color, background: [255, 255, 255], size: 37 * scale }),
        ),
      );
      for (const picture of pictures) expect(await blindDecoders(picture, TEXT)).toEqual(["jsQR"]);
      expect(contrastProblem(color, [255, 255, 255])).toMatch(/to some scanners/);
    },
  );

  it.each([
    ["ITU-R BT.601, as of ZXing-C++ and zbar,", "ff5000", 0.517],
    ["ITU-R BT.709, as of jsQR,", "00ff00", 0.285],
    ["the mean with green twice, as of ZXing for Java,", "7878ff", 0.397],
  ])("is that of %s where it sees the least", (_, color, contrast) => {
    expect(symbolContrast(rgb(color), [255, 255, 255])).toBeCloseTo(contrast, 2);
  });

  it("is refused where luminance differs and luma does not, because such a code is not scanned", async () => {
    const color = rgb("989898");
    const background = rgb("00ff00");
    expect(await scan(pngPicture(TEXT, { margin: 4, ecc: "M", color, background }))).toBeUndefined();
    expect(contrastProblem(color, background)).toBeDefined();
  });

  it("is refused for an inverted code, because a plain scanner does not find it", async () => {
    const color = rgb("ffffff");
    const background = rgb("000000");
    expect(await scan(pngPicture(TEXT, { margin: 4, ecc: "M", color, background }))).toBeUndefined();
    expect(contrastProblem(color, background)).toMatch(/inverted/);
  });

  it.each([
    ["000000", "ff8000"],
    ["1da1f2", "ffffff"],
  ])("passes for brand colors that phones read: %s on %s", async (color, background) => {
    expect(await scan(pngOf({ color, background }))).toBe(TEXT);
  });
});

describe("a PNG", () => {
  it.each([64, 65, 300, 512, 2048])("of %i px is exactly that size and is scanned", async (size) => {
    const png = pngOf({ size: String(size) });
    expect(decode(png)).toMatchObject({ width: size, height: size });
    expect(await scan(png)).toBe(TEXT);
  });

  it("stays under 1 kB at 512 px and 4 kB at 2048 px", () => {
    expect(pngOf({ size: "512" }).length).toBeLessThan(1024);
    expect(pngOf({ size: "2048" }).length).toBeLessThan(4096);
  });

  it("is drawn in the two given colors only", () => {
    const png = pngOf({ color: "102030", background: "fedcba" });
    expect(decode(png)).toMatchObject({
      depth: 1,
      palette: [
        [0xfe, 0xdc, 0xba],
        [0x10, 0x20, 0x30],
      ],
    });
  });

  it.each([
    [300, 4],
    [301, 0],
    [64, 1],
    [1000, 16],
  ])("of %i px with margin %i draws each module in the same whole pixels, centred", (size, margin) => {
    const matrix = qrMatrix(TEXT, "M");
    const pixels = pixelsOf(pngOf({ size: String(size), margin: String(margin) }));
    const scale = Math.floor(size / (matrix.length + 2 * margin));
    const before = Math.floor((size - matrix.length * scale) / 2);
    expect(before).toBeGreaterThanOrEqual(margin * scale);
    const module = (pixel: number) => Math.floor((pixel - before) / scale);
    const expected = pixels.map((row, y) =>
      row.replace(/./g, (_, x) => (matrix[module(y)]?.[module(x)] ? "1" : "0")),
    );
    expect(pixels).toEqual(expected);
  });

  it("is refused if there is less than a pixel for each module and its margin, and drawn if there is one", async () => {
    const long = `https://q.example/scan/${"a".repeat(277)}`;
    const draw = (size: number) => () => pngPicture(long, { ...plainOptions({ ecc: "H" }, "png"), size });
    expect(problemsOf(draw(96))).toEqual([
      {
        path: "size",
        message: "must be at least 97 here: a pixel for each module of the code and its margin",
      },
    ]);
    expect(await scan(draw(97)())).toBe(long);
  });
});

describe("an SVG", () => {
  it("is one path on a ground with a quiet zone of 4 modules, at 8 px a module", () => {
    const svg = svgOf({});
    const side = qrMatrix(TEXT, "M").length + 8;
    expect(svg.match(/<path /g)).toHaveLength(1);
    const extent = `width="${8 * side}" height="${8 * side}"`;
    expect(svg).toContain(`viewBox="0 0 ${side} ${side}" ${extent} shape-rendering="crispEdges"`);
    expect(svg).toContain(`<rect width="${side}" height="${side}" fill="#ffffff"/>`);
    expect(svg).toContain("M4 4H11V11H4z");
    expect(decode(rasterize(svg))).toMatchObject({ width: 8 * side, height: 8 * side });
  });

  it("has the asked size", () => {
    const svg = svgOf({ size: "300" });
    expect(svg).toMatch(/<svg[^>]* width="300" height="300"/);
    expect(decode(rasterize(svg))).toMatchObject({ width: 300, height: 300 });
  });

  it.each([64, 150, 333, 1000])("is scanned when it is drawn %i px wide", async (width) => {
    expect(await scan(rasterize(svgOf({}), width))).toBe(TEXT);
  });

  it("stays crisp: drawn at any width, it has no color but its two", () => {
    const { data, channels } = decode(rasterize(svgOf({ color: "102030", background: "fedcba" }), 333));
    const drawn = new Set<string>();
    for (let at = 0; at < data.length; at += channels) {
      drawn.add(toHex([data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]));
    }
    expect([...drawn].sort()).toEqual(["#102030", "#fedcba"]);
  });

  it("draws the same modules as the PNG", () => {
    const { length } = qrMatrix(TEXT, "M");
    const size = 8 * (length + 8);
    const { data, channels } = decode(rasterize(svgOf({}), size));
    const fromSvg = Array.from({ length: size * size }, (_, at) => (data[at * channels] === 0 ? 1 : 0)).join(
      "",
    );
    expect(fromSvg).toEqual(pixelsOf(pngOf({ size: String(size) })).join(""));
  });
});

describe("error correction", () => {
  it("grows the code with the level, never above the asked one", () => {
    const sides = (["L", "M", "Q", "H"] as const).map((ecc) => qrMatrix(TEXT, ecc).length);
    expect(sides).toEqual([29, 29, 33, 37]);
    expect(qrMatrix(TEXT, "L")).not.toEqual(qrMatrix(TEXT, "M"));
  });

  it("gives up with a RangeError on a text that no code holds", () => {
    expect(qrMatrix("a".repeat(1273), "H")).toHaveLength(177);
    expect(() => qrMatrix("a".repeat(1274), "H")).toThrow(RangeError);
  });
});
