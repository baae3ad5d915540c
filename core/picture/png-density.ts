import { pngChunk } from "./png-chunk.ts";

/** Signature (8), and the header as the first chunk (25): https://www.w3.org/TR/png-3/#11pHYs has to come before the pixels. */
const AFTER_HEADER = 33;

/** Of a density's unit: the metre. */
const PER_METRE = 1;

/**
 * The PNG file with its density, by which a layout program places it in its physical size.
 *
 * @param widthMm what its width in pixels stands for
 */
export function withDensity(png: Uint8Array, widthMm: number): Uint8Array {
  const file = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  const perMetre = Math.round(file.readUInt32BE(16) / (widthMm / 1_000));
  const density = Buffer.alloc(9, PER_METRE);
  density.writeUInt32BE(perMetre, 0);
  density.writeUInt32BE(perMetre, 4);
  return Buffer.concat([
    file.subarray(0, AFTER_HEADER),
    pngChunk("pHYs", density),
    file.subarray(AFTER_HEADER),
  ]);
}
