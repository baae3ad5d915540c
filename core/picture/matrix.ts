import encodeQR, { type ErrorCorrection } from "qr";
import { holds, modeOf } from "./capacity.ts";
import type { Ecc } from "./ecc.ts";
import { utf8Matrix } from "./utf8-matrix.ts";

/** Square rows of modules, top to bottom and left to right; `true` is dark. 21 to 177 modules a side. */
export type Matrix = readonly (readonly boolean[])[];

const LEVELS: Record<Ecc, ErrorCorrection> = { L: "low", M: "medium", Q: "quartile", H: "high" };

/**
 * The smallest QR code that holds `text` at exactly this level, without a quiet zone. Characters beyond ASCII are UTF-8, and
 * the code says so.
 *
 * A RangeError says that the text is longer than any code of the level holds, as `maxLength` says it.
 */
export function qrMatrix(text: string, ecc: Ecc): Matrix {
  return borderedMatrix(text, ecc)
    .slice(1, -1)
    .map((row) => row.slice(1, -1));
}

/** The same with one light module around it, which is the least that the package draws. */
export function borderedMatrix(text: string, ecc: Ecc): Matrix {
  const declared = modeOf(text) === "utf8" ? utf8Matrix(text, ecc) : undefined;
  if (declared) return declared;
  if (!holds(text, ecc)) throw new RangeError("the text is longer than any QR code holds");
  return encodeQR(text, "raw", { ecc: LEVELS[ecc], border: 1 });
}
