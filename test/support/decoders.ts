import { scanRGBABuffer, ZBarConfigType, ZBarScanner, ZBarSymbolType } from "@undecaf/zbar-wasm";
import jsQrModule from "jsqr";
import type { Raster } from "./raster.ts";
import { scan } from "./scanner.ts";

/** Reads a picture: its text, or `undefined` if it finds no code. */
export type Decoder = (raster: Raster) => Promise<string | undefined>;

// A CommonJS module whose default export is a property of what Node imports.
const jsQR = ("default" in jsQrModule ? jsQrModule.default : jsQrModule) as typeof jsQrModule.default;

const zbarScanner = await ZBarScanner.create();
zbarScanner.setConfig(ZBarSymbolType.ZBAR_NONE, ZBarConfigType.ZBAR_CFG_ENABLE, 0);
zbarScanner.setConfig(ZBarSymbolType.ZBAR_QRCODE, ZBarConfigType.ZBAR_CFG_ENABLE, 1);

/** Three decoders that share no code, each with its own luminance, threshold and search. None looks for inverted codes. */
export const DECODERS: Record<"zxing" | "jsQR" | "zbar", Decoder> = {
  zxing: (raster) => scan(raster as Parameters<typeof scan>[0]),
  jsQR: async ({ data, width, height }) =>
    jsQR(data, width, height, { inversionAttempts: "dontInvert" })?.data,
  zbar: async ({ data, width, height }) => {
    const [symbol] = await scanRGBABuffer(data.buffer, width, height, zbarScanner);
    return symbol?.decode();
  },
};

/** The decoders that do not read `text` in a picture, by name. */
export async function blindDecoders(raster: Raster, text: string): Promise<string[]> {
  const read = await Promise.all(
    Object.entries(DECODERS).map(async ([name, decode]) => [name, await decode(raster)] as const),
  );
  return read.filter(([, found]) => found !== text).map(([name]) => name);
}
