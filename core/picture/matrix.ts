import { encode } from "uqr";
import type { Ecc } from "./ecc.ts";

/** Square rows of modules, top to bottom and left to right; `true` is dark. 21 to 177 modules a side. */
export type Matrix = readonly (readonly boolean[])[];

/**
 * The smallest QR code that holds `text` at exactly this level, without a quiet zone.
 *
 * Give it a serialised URL (ASCII): other characters are stored as UTF-8 without saying so in the code,
 * which a reader may guess wrong. A RangeError says that the text is longer than any code holds
 * (bytes: 2,953 at L, 2,331 at M, 1,663 at Q, 1,273 at H).
 */
export function qrMatrix(text: string, ecc: Ecc): Matrix {
  return encode(text, { ecc, border: 0 }).data;
}
