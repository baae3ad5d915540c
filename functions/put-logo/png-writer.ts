import { deflateSync } from "node:zlib";
import type { Pixels } from "../../core/picture/pixels.ts";
import { PNG_SIGNATURE, pngChunk } from "../../core/picture/png-chunk.ts";

/**
 * What a byte of a row is written as (https://www.w3.org/TR/png-3/#9Filter-types): itself, which suits flat colours, or its
 * difference from the byte above, which suits gradients and photographs.
 */
const FILTERS = { none: 0, up: 2 } as const;

/** zlib's: the best for `none`; for `up` the default, since the best takes ten times as long for a tenth less. */
const LEVELS = { none: 9, up: 6 } as const;

/**
 * A PNG of 8 bits a channel in RGBA, deflated by zlib itself: a fifth of the time that deflating in JavaScript takes. Its
 * bytes may differ between versions of zlib, so it is for what is written once and kept.
 */
export function pngOf({ width, height, data }: Pixels, filter: keyof typeof FILTERS): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6], 8);
  const body = deflateSync(filtered(data, 4 * width, height, filter), { level: LEVELS[filter] });
  const file = [
    PNG_SIGNATURE,
    pngChunk("IHDR", header),
    pngChunk("IDAT", body),
    pngChunk("IEND", new Uint8Array()),
  ];
  return new Uint8Array(Buffer.concat(file));
}

function filtered(data: Uint8Array, row: number, height: number, filter: keyof typeof FILTERS): Uint8Array {
  const rows = new Uint8Array((row + 1) * height);
  for (let y = 0; y < height; y++) {
    const [from, to] = [y * row, y * (row + 1) + 1];
    rows[to - 1] = FILTERS[filter];
    rows.set(data.subarray(from, from + row), to);
    // Above the first row lie zeros.
    if (filter === "up" && y > 0)
      for (let x = 0; x < row; x++)
        rows[to + x] = (rows[to + x] as number) - (data[from - row + x] as number);
  }
  return rows;
}
