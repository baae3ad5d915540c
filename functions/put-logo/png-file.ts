import { crc32, inflateSync } from "node:zlib";
import { PNG_SIGNATURE } from "../../core/picture/png-chunk.ts";
import { checkPixels } from "./pixel-bounds.ts";
import { refusal } from "./refusal.ts";

export function isPng(file: Buffer): boolean {
  return file.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE);
}

interface Header {
  width: number;
  height: number;
  bitsPerPixel: number;
  isInterlaced: boolean;
}

/** Bit depths that each colour type has, and its samples a pixel: https://www.w3.org/TR/png-3/#table111 */
const COLOR_TYPES: Record<number, { depths: readonly number[]; samples: number }> = {
  0: { depths: [1, 2, 4, 8, 16], samples: 1 },
  2: { depths: [8, 16], samples: 3 },
  3: { depths: [1, 2, 4, 8], samples: 1 },
  4: { depths: [8, 16], samples: 2 },
  6: { depths: [8, 16], samples: 4 },
};

/**
 * Checks that a file is one whole PNG and nothing else, before a decoder sees it: its chunks with their checksums, its
 * size in pixels, and that its data is just what they take.
 *
 * @returns its size in pixels
 * @throws Invalid
 */
export function checkPng(file: Buffer): { width: number; height: number } {
  const data: Buffer[] = [];
  let header: Header | undefined;
  let hasPalette = false;
  let at = PNG_SIGNATURE.length;
  for (;;) {
    const { type, body, end } = chunkAt(file, at);
    if (!header) header = headerOf(type, body);
    else if (type === "IHDR") throw refusal("is a PNG with two headers");
    if (type === "PLTE") hasPalette = true;
    if (type === "IDAT") data.push(body);
    at = end;
    if (type === "IEND") break;
  }
  if (at !== file.length) throw refusal(`has ${file.length - at} bytes behind the end of its PNG`);
  if (file[25] === 3 && !hasPalette) throw refusal("is a PNG without the palette that it needs");
  checkData(Buffer.concat(data), header);
  return { width: header.width, height: header.height };
}

function chunkAt(file: Buffer, at: number): { type: string; body: Buffer; end: number } {
  const isWhole = at + 12 <= file.length && at + 12 + file.readUInt32BE(at) <= file.length;
  if (!isWhole) throw refusal("is a PNG that ends before its end");
  const length = file.readUInt32BE(at);
  const type = file.toString("latin1", at + 4, at + 8);
  const end = at + 12 + length;
  if (crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4))
    throw refusal(`is a PNG whose part ${JSON.stringify(type)} is damaged`);
  return { type, body: file.subarray(at + 8, end - 4), end };
}

function headerOf(type: string, body: Buffer): Header {
  if (type !== "IHDR" || body.length !== 13) throw refusal("is a PNG without a header");
  const [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
  checkPixels(width, height);
  const [depth = 0, colorType = 0, compression, filter, interlace = 0] = body.subarray(8);
  const known = COLOR_TYPES[colorType];
  if (!known?.depths.includes(depth) || compression !== 0 || filter !== 0 || interlace > 1)
    throw refusal("is a PNG of a kind that there is not");
  return { width, height, bitsPerPixel: depth * known.samples, isInterlaced: interlace === 1 };
}

/** Where the pixels of each pass of an interlaced picture begin and how far they are apart (Adam7). */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Inflates no more than the pixels take. */
function checkData(deflated: Buffer, { width, height, bitsPerPixel, isInterlaced }: Header): void {
  const bytesOf = (columns: number, rows: number) =>
    columns === 0 ? 0 : rows * (1 + Math.ceil((columns * bitsPerPixel) / 8));
  const length = isInterlaced
    ? PASSES.reduce((sum, [x, y, dx, dy]) => {
        return sum + bytesOf(Math.ceil(Math.max(0, width - x) / dx), Math.ceil(Math.max(0, height - y) / dy));
      }, 0)
    : bytesOf(width, height);
  let inflated: Buffer;
  try {
    inflated = inflateSync(deflated, { maxOutputLength: length + 1 });
  } catch (cause) {
    const isTooLong = (cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw refusal(
      isTooLong ? "is a PNG with more data than pixels" : "is a PNG whose data is damaged",
      cause,
    );
  }
  if (inflated.length < length) throw refusal("is a PNG with less data than pixels");
  if (inflated.length > length) throw refusal("is a PNG with more data than pixels");
}
