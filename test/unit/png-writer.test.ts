import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { checkPng } from "../../functions/put-logo/png-file.ts";
import { pngOf } from "../../functions/put-logo/png-writer.ts";
import { redrawLogo } from "../../functions/put-logo/redraw.ts";

/** All values of a byte, in steps that wrap around from row to row. */
const data = Uint8Array.from({ length: 4 * 37 * 23 }, (_, n) => (n * n * 7 + 13 * n) % 256);
const PIXELS = { width: 37, height: 23, data };

describe.each(["none", "up"] as const)("a PNG with its rows filtered by %s", (filter) => {
  const png = pngOf(PIXELS, filter);

  it("is read as the pixels that were written", () => {
    expect(decode(png)).toMatchObject({ width: 37, height: 23, depth: 8, channels: 4, data });
  });

  it("is one that this service takes", () => {
    expect(checkPng(Buffer.from(png))).toEqual({ width: 37, height: 23 });
  });
});

it("a logo of gradients is kept in full size", async () => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><defs>
    <linearGradient id="a"><stop offset="0" stop-color="#f00"/><stop offset="1" stop-color="#0cf"/></linearGradient>
    <radialGradient id="b"><stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#0cf" stop-opacity="0"/></radialGradient>
    </defs><rect width="10" height="10" fill="url(#a)"/><circle cx="5" cy="5" r="4" fill="url(#b)"/></svg>`;
  const { png, width } = await redrawLogo(Buffer.from(svg));
  expect(width).toBe(1_024);
  expect(png.length).toBeLessThanOrEqual(256 * 1_024);
});
