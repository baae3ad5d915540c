import { createHash } from "node:crypto";
import type { PictureFormat, PictureOptions } from "./options.ts";

/**
 * Version of the drawing code. It is raised by one whenever the same options give other bytes, so that nobody keeps a
 * picture that would be drawn differently now; a test holds it against the bytes of sample pictures.
 */
export const DRAWING_VERSION = 1;

/** A tag that differs wherever the picture's bytes do, known before the picture is drawn. Characters: base64url. */
export function pictureTag(text: string, format: PictureFormat, options: PictureOptions): string {
  const { size, margin, ecc, color, background } = options;
  const determining = [DRAWING_VERSION, text, format, size, margin, ecc, color, background];
  return createHash("sha256").update(JSON.stringify(determining)).digest("base64url").slice(0, 22);
}
