import { decode, encode } from "fast-png";
import { describe, expect, it } from "vitest";
import { ServiceError } from "../../core/errors.ts";
import { redrawLogo } from "../../functions/put-logo/redraw.ts";
import { BAD_LOGOS, smallPng, svgWith } from "../support/bad-logos.ts";

/** What a file is refused with. */
async function refusalOf(file: Buffer): Promise<ServiceError> {
  const refused = await redrawLogo(file).catch((error: unknown) => error);
  if (refused instanceof ServiceError) return refused;
  throw new Error("it was not refused", { cause: refused });
}

/** The colour at a place, 0 to 1 each way. */
function colorAt({ png }: { png: Uint8Array }, x: number, y: number): number[] {
  const { data, width, height, channels } = decode(png);
  const at = channels * (Math.floor(y * height) * width + Math.floor(x * width));
  return [...data.subarray(at, at + channels)];
}

describe("a file that is no logo", () => {
  it.each(Object.entries(BAD_LOGOS))("%s, is refused and told why", async (_name, [file, status, says]) => {
    const { kind, errors } = await refusalOf(file);
    expect(kind).toBe(status === 415 ? "unsupported-media-type" : "invalid");
    expect(errors).toEqual([{ path: "body", message: expect.stringMatching(says) }]);
  });

  it("is refused in the time of its checks, whatever it would unfold to", async () => {
    const before = process.cpuUsage();
    for (const [file] of Object.values(BAD_LOGOS)) await refusalOf(file);
    const { user, system } = process.cpuUsage(before);
    // The bomb alone would take 1.6 GB and seconds.
    expect((user + system) / 1_000_000).toBeLessThan(5);
    expect(process.memoryUsage().rss / 2 ** 20).toBeLessThan(2_000);
  });
});

describe("a logo", () => {
  it("of an SVG is drawn with 1,024 px on its longest side", async () => {
    const logo = await redrawLogo(
      Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10">
        <defs><linearGradient id="g"><stop offset="0" stop-color="#f00"/><stop offset="1" stop-color="#f00"/></linearGradient></defs>
        <style>.a { fill: #00f }</style>
        <rect width="10" height="10" fill="url(#g)"/><rect class="a" x="10" width="5" height="10"/></svg>`),
    );
    expect([logo.width, logo.height]).toEqual([1_024, 512]);
    expect(colorAt(logo, 0.25, 0.5)).toEqual([255, 0, 0, 255]);
    expect(colorAt(logo, 0.6, 0.5)).toEqual([0, 0, 255, 255]);
    expect(colorAt(logo, 0.9, 0.5)[3]).toBe(0);
  });

  it("of an SVG that editors have written is drawn without what they wrote for themselves", async () => {
    const logo = await redrawLogo(
      Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<!-- Generator: an editor -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg:svg xmlns:svg="http://www.w3.org/2000/svg" xmlns:e="http://editor.example" xmlns:xlink="http://www.w3.org/1999/xlink"
  width="10mm" height="10mm" viewBox="0 0 10 10"><e:view zoom="2"/><svg:metadata><e:x/></svg:metadata><svg:title>Acme</svg:title>
  <svg:g id="a" e:label="layer"><svg:circle cx="5" cy="5" r="5" fill="#080"/></svg:g><svg:use xlink:href="#a"/></svg:svg>`),
    );
    expect(colorAt(logo, 0.5, 0.5)).toEqual([0, 0x88, 0, 255]);
  });

  it("of a PNG keeps its pixels, and nothing else of the file", async () => {
    const logo = await redrawLogo(smallPng(9, 6));
    expect([logo.width, logo.height]).toEqual([9, 6]);
    expect(colorAt(logo, 0.5, 0.5).slice(0, 3)).toEqual([80, 80, 80]);
  });

  it("of a half-transparent PNG keeps its colours", async () => {
    const data = new Uint8Array(4 * 64).fill(0).map((_, n) => [200, 100, 50, 128][n % 4] ?? 0);
    const logo = await redrawLogo(encode({ width: 8, height: 8, data, depth: 8, channels: 4 }));
    const [red = 0, green = 0, blue = 0, alpha] = colorAt(logo, 0.5, 0.5);
    expect(alpha).toBe(128);
    for (const [value, expected] of [
      [red, 200],
      [green, 100],
      [blue, 50],
    ] as const)
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(2);
  });

  it("of noise is kept as small as takes its bytes", async () => {
    let state = 1;
    const noise = Uint8Array.from({ length: 3 * 290 * 290 }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
    const { png, width } = await redrawLogo(
      encode({ width: 290, height: 290, data: noise, depth: 8, channels: 3 }),
    );
    expect(png.length).toBeLessThanOrEqual(256 * 1024);
    expect(width).toBeGreaterThan(200);
  });

  it("may have 200 layers", async () => {
    await redrawLogo(svgWith('<g opacity=".5"><rect width="1" height="1"/></g>'.repeat(200)));
  });
});
