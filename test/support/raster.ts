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

const PIXMAP_HEADER = /^P6\s(?:#.*\n)?(\d+)\s(\d+)\s255\s/;

/**
 * The pixels of a binary portable pixmap, as which a page of many pixels is written and read without being compressed:
 * https://netpbm.sourceforge.net/doc/ppm.html
 *
 * @throws Error if it is no such file of 8 bits a channel
 */
export function rasterOfPixmap(file: Uint8Array): Raster {
  const [header = "", ...size] =
    PIXMAP_HEADER.exec(Buffer.from(file.subarray(0, 200)).toString("latin1")) ?? [];
  const [width = 0, height = 0] = size.map(Number);
  if (header === "" || file.length !== header.length + 3 * width * height)
    throw new Error("no binary pixmap of 8 bits a channel");
  const data = new Uint8ClampedArray(4 * width * height);
  for (let from = header.length, to = 0; to < data.length; from += 3, to += 4) {
    data[to] = file[from] ?? 0;
    data[to + 1] = file[from + 1] ?? 0;
    data[to + 2] = file[from + 2] ?? 0;
    data[to + 3] = 255;
  }
  return { width, height, data };
}
