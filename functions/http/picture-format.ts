import Negotiator from "negotiator";
import { Invalid } from "../../core/errors.ts";
import type { PictureFormat } from "../../core/picture/measures.ts";

const FORMATS = ["svg", "png", "pdf", "eps", "info"] as const satisfies readonly PictureFormat[];

const MEDIA_TYPES: Record<string, PictureFormat> = {
  "image/svg+xml": "svg",
  "image/png": "png",
  "application/pdf": "pdf",
  "application/postscript": "eps",
};

/**
 * What to draw: `?format=` decides, else the `Accept` header, else SVG.
 *
 * @throws Invalid for an unknown format
 */
export function formatOf(format: string | undefined, accept: string | undefined): PictureFormat {
  if (format !== undefined) {
    const known = FORMATS.find((name) => name === format);
    if (known) return known;
    throw new Invalid([{ path: "format", message: `must be one of ${FORMATS.join(", ")}` }]);
  }
  const accepted = new Negotiator({ headers: { accept } }).mediaType(Object.keys(MEDIA_TYPES));
  return MEDIA_TYPES[accepted ?? ""] ?? "svg";
}
