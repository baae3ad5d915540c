import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import type { Pixels } from "../../core/picture/pixels.ts";

/** Beside the bundle, so at `/var/task` in Lambda. */
export const WASM_FILE = "resvg.wasm";

let ready: Promise<void> | undefined;

/** Once per thread: the module refuses a second time. */
function prepared(): Promise<void> {
  ready ??= wasm().then((module) => initWasm(module));
  return ready;
}

async function wasm(): Promise<Buffer> {
  try {
    return await readFile(join(import.meta.dirname, WASM_FILE));
  } catch {
    return readFile(createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm"));
  }
}

/**
 * Draws an SVG in WebAssembly, which has no files, no network and no memory but its own. No font is loaded.
 *
 * @param longestSide in px; without one it has its own size
 * @throws Error if it can't be drawn
 */
export async function rasterizeSvg(svg: string, longestSide?: number): Promise<Pixels> {
  await prepared();
  const options = { font: { fontBuffers: [] } };
  const own = new Resvg(svg, options);
  const { width, height } = own;
  if (longestSide === undefined) return pixelsOf(own);
  own.free();
  const mode = width >= height ? "width" : "height";
  return pixelsOf(new Resvg(svg, { ...options, fitTo: { mode, value: longestSide } }));
}

function pixelsOf(resvg: InstanceType<typeof Resvg>): Pixels {
  const image = resvg.render();
  try {
    const { width, height } = image;
    return { width, height, data: unmultiplied(image.pixels) };
  } finally {
    image.free();
    resvg.free();
  }
}

/** The renderer's colours are multiplied by their alpha. */
function unmultiplied(pixels: Uint8Array): Uint8Array {
  const data = Uint8Array.from(pixels);
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 0;
    if (alpha === 0 || alpha === 255) continue;
    for (let channel = 0; channel < 3; channel++)
      data[at + channel] = Math.min(255, Math.round((255 * (data[at + channel] ?? 0)) / alpha));
  }
  return data;
}
