import { ECC_LEVELS } from "../../core/picture/ecc.ts";
import { type Matrix, qrMatrix } from "../../core/picture/matrix.ts";
import { blindDecoders } from "./decoders.ts";
import type { Raster } from "./raster.ts";

const URL_CHARACTERS =
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&'()*+,;=%";
const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
const BASE_58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** The quiet zone of the standard, and a size at which no decoder is at its limit. */
const MARGIN = 4;
const PX_PER_MODULE = 4;

/** Numbers from 0 to 1 that are the same in each run (a linear congruential generator, Numerical Recipes). */
export function repeatableNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** So many URLs: a third as this service makes them, a third in capitals (alphanumeric mode), a third of any length up to 300. */
export function scanUrls(count: number, random = repeatableNumbers(1)): string[] {
  const text = (characters: string, length: number) =>
    Array.from({ length }, () => characters[Math.floor(random() * characters.length)]).join("");
  return Array.from({ length: count }, (_, n) => {
    if (n % 3 === 0) return `https://qr.example.com/scan/qr_${text(BASE_58, 12)}`;
    if (n % 3 === 1) return `HTTPS://QR.EXAMPLE/SCAN/${text(ALPHANUMERIC, 12)}`;
    return `https://q.example/scan/${text(URL_CHARACTERS, 1 + Math.floor(random() * 277))}`;
  });
}

/** The pixels of a plain picture, as they are before any file format. */
export function plainRaster(matrix: Matrix): Raster {
  const side = (matrix.length + 2 * MARGIN) * PX_PER_MODULE;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  const pixels = new Uint32Array(data.buffer);
  const black = new Uint32Array(new Uint8ClampedArray([0, 0, 0, 255]).buffer)[0] ?? 0;
  for (let y = 0; y < side; y++) {
    const row = matrix[Math.floor(y / PX_PER_MODULE) - MARGIN] ?? [];
    for (let x = 0; x < side; x++) {
      if (row[Math.floor(x / PX_PER_MODULE) - MARGIN]) pixels[y * side + x] = black;
    }
  }
  return { width: side, height: side, data };
}

/** Draws each URL at each level, and returns what a decoder did not read. */
export async function unreadUrls(urls: readonly string[]): Promise<string[]> {
  const unread: string[] = [];
  for (const url of urls) {
    for (const ecc of ECC_LEVELS) {
      const blind = await blindDecoders(plainRaster(qrMatrix(url, ecc)), url);
      unread.push(...blind.map((decoder) => `${decoder} at ${ecc}: ${url}`));
    }
  }
  return unread;
}
