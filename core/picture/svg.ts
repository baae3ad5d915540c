import { toHex } from "./color.ts";
import { qrMatrix } from "./matrix.ts";
import { type PictureOptions, styleOf } from "./options.ts";
import type { Path, Point } from "./path.ts";
import { type Scene, sceneOf } from "./scene.ts";

/**
 * For an SVG without a `size`. It still states a width and a height: Firefox draws an SVG without them on no
 * canvas. Whole pixels keep it crisp; a page's CSS may scale it.
 */
const PX_PER_MODULE = 8;

/**
 * An SVG document, one unit to a module. One pixel per module is not asked of its `size`, because a vector can be
 * enlarged.
 *
 * A RangeError says that the text is longer than any code holds.
 */
export function svgPicture(text: string, options: PictureOptions): string {
  const scene = sceneOf(qrMatrix(text, options.ecc), options.margin, styleOf(options));
  return svgOf(scene, options.size ?? scene.side * PX_PER_MODULE);
}

/** @param size width and height, in px */
export function svgOf({ side, ground, fills, isSquare }: Scene, size: number): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${size}" height="${size}"`,
    // Smoothing would leave grey edges between pixels.
    `${isSquare ? ' shape-rendering="crispEdges"' : ""} role="img" aria-label="QR code">`,
    ground === "transparent" ? "" : `<rect width="${side}" height="${side}" fill="${toHex(ground)}"/>`,
    ...fills.map(
      ({ color, path }) => `<path fill="${toHex(color)}" fill-rule="evenodd" d="${pathData(path)}"/>`,
    ),
    "</svg>",
  ].join("");
}

function pathData(path: Path): string {
  let [x, y]: Point = [0, 0];
  let data = "";
  for (const segment of path) {
    if (segment[0] === "Z") {
      data += "z";
      continue;
    }
    const end = segment.at(-1) as Point;
    if (segment[0] === "L" && end[1] === y) data += end[0] === x ? "" : `H${short(end[0])}`;
    else if (segment[0] === "L" && end[0] === x) data += `V${short(end[1])}`;
    else data += segment[0] + (segment.slice(1) as Point[]).flat().map(short).join(" ");
    [x, y] = end;
  }
  return data;
}

/** A thousandth of a module is below any printer's dot. */
function short(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}
