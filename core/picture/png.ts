import { encode } from "fast-png";
import { Invalid } from "../errors.ts";
import { type Matrix, qrMatrix } from "./matrix.ts";
import { DEFAULT_SIZE, type PlainOptions } from "./options.ts";

/** zlib's own default level. fast-png's, 3, doubles a 2,048 px picture; 9 saves another 3 %. */
const DEFLATE_LEVEL = 6;

/**
 * A PNG of exactly `size` × `size` px, a palette of two colours at one bit a pixel. A module is a whole number
 * of pixels wide; what is left over goes to the quiet zone, with the code in the centre (to one pixel).
 *
 * Throws Invalid (`size`) if there is less than one pixel for each module of the code and its margin, and a
 * RangeError if the text is longer than any code holds.
 */
export function pngPicture(text: string, options: PlainOptions): Uint8Array {
  const size = options.size ?? DEFAULT_SIZE.png;
  const matrix = qrMatrix(text, options.ecc);
  const side = matrix.length + 2 * options.margin;
  const scale = Math.floor(size / side);
  if (scale < 1) {
    const message = `must be at least ${side} here: a pixel for each module of the code and its margin`;
    throw new Invalid([{ path: "size", message }]);
  }
  return encode(
    {
      width: size,
      height: size,
      depth: 1,
      channels: 1,
      data: drawBits(matrix, size, scale),
      palette: [[...options.background], [...options.color]],
    },
    { zlib: { level: DEFLATE_LEVEL } },
  );
}

/** The picture's rows at one bit a pixel, 1 for dark, each padded to a whole byte (W3C PNG, 7.2 Scanlines). */
function drawBits(matrix: Matrix, size: number, scale: number): Uint8Array {
  const bytesPerRow = Math.ceil(size / 8);
  const offset = Math.floor((size - matrix.length * scale) / 2);
  const bits = new Uint8Array(bytesPerRow * size);
  matrix.forEach((modules, index) => {
    const row = drawRow(modules, bytesPerRow, offset, scale);
    const top = offset + index * scale;
    for (let y = top; y < top + scale; y++) bits.set(row, y * bytesPerRow);
  });
  return bits;
}

function drawRow(
  modules: readonly boolean[],
  bytesPerRow: number,
  offset: number,
  scale: number,
): Uint8Array {
  const row = new Uint8Array(bytesPerRow);
  modules.forEach((dark, index) => {
    if (!dark) return;
    const left = offset + index * scale;
    for (let x = left; x < left + scale; x++) row[x >> 3] = (row[x >> 3] ?? 0) | (0x80 >> (x & 7));
  });
  return row;
}
