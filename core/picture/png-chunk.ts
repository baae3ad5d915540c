import { crc32 } from "node:zlib";

/** What a PNG file begins with: https://www.w3.org/TR/png-3/#5PNG-file-signature */
export const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * A part of a PNG file: its length, type, body and checksum (https://www.w3.org/TR/png-3/#5Chunk-layout).
 *
 * @param type four letters
 */
export function pngChunk(type: string, body: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + body.length);
  chunk.writeUInt32BE(body.length, 0);
  chunk.write(type, 4, "latin1");
  chunk.set(body, 8);
  const end = 8 + body.length;
  chunk.writeUInt32BE(crc32(chunk.subarray(4, end)), end);
  return chunk;
}
