import { createHash } from "node:crypto";
import type { PictureFormat } from "./measures.ts";
import type { PictureOrder } from "./order.ts";

/**
 * Version of the drawing code. Increment it whenever the same options yield different bytes, so that caches drop the
 * outdated pictures; a test checks it against the bytes of sample pictures.
 */
export const DRAWING_VERSION = 4;

/** All that decides a picture, with the logo's digest for its pixels. */
export type Determining = Omit<PictureOrder, "logo"> & { readonly logo?: string | undefined };

/** A tag that differs wherever the picture's bytes do, known before the picture is drawn. Characters: base64url. */
export function pictureTag(format: PictureFormat, { text, style, logo, fit, measures }: Determining): string {
  const members = [style, measures].map((part) => Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  const determining = [DRAWING_VERSION, text, format, ...members, logo, fit];
  return createHash("sha256").update(JSON.stringify(determining)).digest("base64url").slice(0, 22);
}
