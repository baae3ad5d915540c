import Negotiator from "negotiator";
import { Invalid } from "../../core/errors.ts";

export type Representation = "json" | "svg" | "png";

const MEDIA_TYPES: Record<string, Representation> = {
  "application/json": "json",
  "image/svg+xml": "svg",
  "image/png": "png",
};

/**
 * What to reply with: `?format=` decides, else the `Accept` header, else JSON.
 *
 * @throws Invalid for an unknown format
 */
export function representationOf(format: string | undefined, accept: string | undefined): Representation {
  if (format !== undefined) {
    if (format === "json" || format === "svg" || format === "png") return format;
    throw new Invalid([{ path: "format", message: "must be json, svg or png" }]);
  }
  // Most clients that read JSON don't say so.
  if (accept === undefined) return "json";
  const accepted = new Negotiator({ headers: { accept } }).mediaType(Object.keys(MEDIA_TYPES));
  return MEDIA_TYPES[accepted ?? ""] ?? "json";
}
