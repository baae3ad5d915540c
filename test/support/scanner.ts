import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const wasm = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");
// By default the module is fetched from a CDN.
await prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer }, fireImmediately: true });

type Picture = Parameters<typeof readBarcodes>[0];

/**
 * What ZXing-C++ reads in a PNG file (which it decodes with stb_image) or in pixels, or `undefined`. Like many
 * readers, it does not look for inverted codes here.
 */
export async function scan(picture: Picture): Promise<string | undefined> {
  const [code] = await readBarcodes(picture, { formats: ["QRCode"], tryInvert: false });
  return code?.isValid ? code.text : undefined;
}

/** Draws an SVG as PNG file of this width in px, or in the size that the document gives itself. */
export function rasterize(svg: string, width?: number): Uint8Array {
  return new Resvg(svg, width === undefined ? {} : { fitTo: { mode: "width", value: width } })
    .render()
    .asPng();
}
