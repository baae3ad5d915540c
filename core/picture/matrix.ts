import encodeQR, { type ErrorCorrection } from "qr";
import type { Ecc } from "./ecc.ts";

/** Square rows of modules, top to bottom and left to right; `true` is dark. 21 to 177 modules a side. */
export type Matrix = readonly (readonly boolean[])[];

const LEVELS: Record<Ecc, ErrorCorrection> = { L: "low", M: "medium", Q: "quartile", H: "high" };

/**
 * The smallest QR code that holds `text` at exactly this level, without a quiet zone.
 *
 * Give it a serialised URL (ASCII): other characters are stored as UTF-8 without saying so in the code,
 * which a reader may guess wrong. A RangeError says that the text is longer than any code holds
 * (bytes: 2,953 at L, 2,331 at M, 1,663 at Q, 1,273 at H).
 */
export function qrMatrix(text: string, ecc: Ecc): Matrix {
  return bordered(text, ecc)
    .slice(1, -1)
    .map((row) => row.slice(1, -1));
}

/** The least border that the package draws is one module. */
function bordered(text: string, ecc: Ecc): boolean[][] {
  try {
    return encodeQR(text, "raw", { ecc: LEVELS[ecc], border: 1 });
  } catch (cause) {
    if (cause instanceof Error && cause.message === "Capacity overflow")
      throw new RangeError("the text is longer than any QR code holds", { cause });
    throw cause;
  }
}
