import { crc32 } from "node:zlib";

/** Signature (8), and the header as the first chunk (25): https://www.w3.org/TR/png-3/#11pHYs has to come before the pixels. */
const AFTER_HEADER = 33;

/**
 * The PNG file with its density, by which a layout program places it in its physical size.
 *
 * @param widthMm what its width in pixels stands for
 */
export function withDensity(png: Uint8Array, widthMm: number): Uint8Array {
  const file = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  const perMetre = Math.round(file.readUInt32BE(16) / (widthMm / 1_000));
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write("pHYs", 4, "latin1");
  chunk.writeUInt32BE(perMetre, 8);
  chunk.writeUInt32BE(perMetre, 12);
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([file.subarray(0, AFTER_HEADER), chunk, file.subarray(AFTER_HEADER)]);
}
