import { createHash } from "node:crypto";
import type { PictureFormat, PictureOptions } from "./options.ts";

/**
 * Version of the drawing code. Increment it whenever the same options yield different bytes, so that caches drop the
 * outdated pictures; a test checks it against the bytes of sample pictures.
 */
export const DRAWING_VERSION = 1;

/** A tag that differs wherever the picture's bytes do, known before the picture is drawn. Characters: base64url. */
export function pictureTag(text: string, format: PictureFormat, options: PictureOptions): string {
  const { size, margin, ecc, color, background } = options;
  const determining = [DRAWING_VERSION, text, format, size, margin, ecc, color, background];
  return createHash("sha256").update(JSON.stringify(determining)).digest("base64url").slice(0, 22);
}
