import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { ServiceError } from "../../core/errors.ts";
import { redrawLogo } from "../../functions/put-logo/redraw.ts";
import { archives } from "../support/corpora/archives.ts";
import { corpusFolder } from "../support/corpora/fetch.ts";
import { type Raster, rasterOf } from "../support/raster.ts";
import { lacks } from "../support/requirements.ts";

/** By its name, which says what it is: interlaced or not, kind of colours, bits. */
async function pngSuite(): Promise<[name: string, file: Buffer][]> {
  const folder = await corpusFolder(archives.pypng);
  const source = readFileSync(join(folder, archives.pypng.name, "code/pngsuite.py"), "utf8");
  return [...source.matchAll(/'(\w+)': _dehex\(b"""([0-9a-f\s]+)"""\)/g)].map(([, name = "", hex = ""]) => [
    name,
    Buffer.from(hex.replace(/\s/g, ""), "hex"),
  ]);
}

/** What another decoder makes of it, at 8 bits a channel. It takes no interlaced ones of less. */
function expectedOf(file: Buffer): Raster {
  const { width, height, data, channels, depth, palette, transparency } = decode(file);
  const raster = palette ? rasterOf(file) : undefined;
  if (raster) return raster;
  const scale = 255 / (2 ** depth - 1);
  const pixels = new Uint8ClampedArray(4 * width * height);
  const bits = depth < 8 ? unpacked(data, width, height, depth) : data;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const samples = Array.from({ length: channels }, (_, n) => bits[pixel * channels + n] ?? 0);
    const isKeyed = transparency !== undefined && samples.every((value, n) => value === transparency[n]);
    for (let channel = 0; channel < 3; channel++)
      pixels[4 * pixel + channel] = (samples[channels < 3 ? 0 : channel] ?? 0) * scale;
    pixels[4 * pixel + 3] = isKeyed ? 0 : channels % 2 === 0 ? (samples[channels - 1] ?? 0) * scale : 255;
  }
  return { width, height, data: pixels };
}

function unpacked(data: ArrayLike<number>, width: number, height: number, depth: number): number[] {
  const row = Math.ceil((width * depth) / 8);
  return Array.from({ length: width * height }, (_, pixel) => {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const byte = data[y * row + Math.floor((x * depth) / 8)] ?? 0;
    return (byte >> (8 - depth - ((x * depth) % 8))) & (2 ** depth - 1);
  });
}

/** The largest difference of a channel, as it would be on white. */
function differenceOf(one: Raster, other: Raster): number {
  let largest = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    for (let channel = at; channel < at + 3; channel++) {
      const [a, b] = [one, other].map(({ data }) => {
        const alpha = (data[at + 3] ?? 0) / 255;
        return (data[channel] ?? 0) * alpha + 255 * (1 - alpha);
      });
      largest = Math.max(largest, Math.abs((a ?? 0) - (b ?? 0)));
    }
  }
  return largest;
}

async function isRefused(file: Buffer): Promise<boolean> {
  const result = await redrawLogo(file).catch((error: unknown) => error);
  if (result instanceof Error && !(result instanceof ServiceError)) throw result;
  return result instanceof ServiceError;
}

describe.skipIf(await lacks("corpora"))("the PngSuite as logos", async () => {
  const suite = await pngSuite();

  it("has pictures of every kind of pixels", () => {
    const kinds = suite.map(([name]) => name.slice(-4)).filter((kind) => /^[0-6][acgnp]\d\d$/.test(kind));
    expect(suite).toHaveLength(28);
    expect(new Set(kinds).size).toBeGreaterThanOrEqual(14);
  });

  it.each(suite)("%s is drawn as another decoder sees it", async (name, file) => {
    const drawn = rasterOf((await redrawLogo(file)).png);
    // An interlaced picture shows what the one of the same name does that is not.
    const plain = suite.find(([other]) => other === name.replace("basi", "basn"));
    const expected = expectedOf(plain?.[1] ?? file);
    expect([drawn.width, drawn.height]).toEqual([expected.width, expected.height]);
    expect(differenceOf(drawn, expected)).toBeLessThanOrEqual(2);
  });

  it.each(suite)("%s is refused once a byte of it is another or its end is missing", async (_name, file) => {
    const accepted: string[] = [];
    for (let at = 0; at < file.length; at++) {
      const damaged = Buffer.from(file);
      damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      if (!(await isRefused(damaged))) accepted.push(`byte ${at}`);
      if (!(await isRefused(file.subarray(0, at)))) accepted.push(`${at} bytes`);
    }
    expect(accepted).toEqual([]);
  });
});
