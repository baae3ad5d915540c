import { convertIndexedToRgb, decode } from "fast-png";

/** A picture as decoders take it: RGBA, 8 bits each, row by row. */
export interface Raster {
  width: number;
  height: number;
  data: Uint8ClampedArray<ArrayBuffer>;
}

/** The pixels of a PNG file of 8 bits a channel or with a palette; what is transparent stays so. */
export function rasterOf(png: Uint8Array): Raster {
  const decoded = decode(png);
  const { width, height } = decoded;
  const source = decoded.palette ? convertIndexedToRgb(decoded) : decoded.data;
  const channels = source.length / (width * height);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = pixel * channels;
    const gray = channels < 3;
    for (let channel = 0; channel < 3; channel++) {
      data[pixel * 4 + channel] = source[at + (gray ? 0 : channel)] ?? 0;
    }
    data[pixel * 4 + 3] = channels % 2 === 0 ? (source[at + channels - 1] ?? 0) : 255;
  }
  return { width, height, data };
}
