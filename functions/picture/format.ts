import Negotiator from "negotiator";
import { Invalid } from "../../core/errors.ts";
import type { PictureFormat } from "../../core/picture/options.ts";

const MEDIA_TYPES: Record<string, PictureFormat> = { "image/svg+xml": "svg", "image/png": "png" };

/**
 * What to draw: `?format=` decides, else the `Accept` header, else SVG.
 *
 * @throws Invalid for an unknown format
 */
export function formatOf(format: string | undefined, accept: string | undefined): PictureFormat {
  if (format === "svg" || format === "png") return format;
  if (format !== undefined) throw new Invalid([{ path: "format", message: "must be svg or png" }]);
  const accepted = new Negotiator({ headers: { accept } }).mediaType(Object.keys(MEDIA_TYPES));
  return MEDIA_TYPES[accepted ?? ""] ?? "svg";
}
