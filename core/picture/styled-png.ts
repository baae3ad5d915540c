import { encode } from "fast-png";
import { Invalid } from "../errors.ts";
import { rasterOf } from "./raster.ts";
import type { Scene } from "./scene.ts";

/** Below it the shapes of modules are no more than noise at their edges. */
export const MIN_PX_PER_MODULE = 3;

/** zlib's own default level. */
const DEFLATE_LEVEL = 6;

/**
 * A PNG of a scene, with smooth edges.
 *
 * @param width in px; the height follows
 * @throws Invalid (`size`) if there are less than three pixels for each module
 */
export function styledPng(scene: Scene, width: number): Uint8Array {
  const least = Math.ceil(scene.width * MIN_PX_PER_MODULE);
  if (width < least) {
    const message = `must be at least ${least} here: ${MIN_PX_PER_MODULE} pixels for each module of the picture`;
    throw new Invalid([{ path: "size", message }]);
  }
  const { height, data } = rasterOf(scene, width);
  const isOpaque = scene.ground !== "transparent";
  return encode(
    { width, height, depth: 8, channels: isOpaque ? 3 : 4, data: isOpaque ? withoutAlpha(data) : data },
    { zlib: { level: DEFLATE_LEVEL } },
  );
}

function withoutAlpha(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return rgb;
}
