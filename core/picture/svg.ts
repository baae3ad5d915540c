import { toHex } from "./color.ts";
import { borderedMatrix } from "./matrix.ts";
import type { PlainOptions } from "./options.ts";
import type { Path, Point } from "./path.ts";
import type { Placed, Scene } from "./scene.ts";
import { squaresData } from "./squares.ts";

/**
 * For an SVG without a `size`. It still states a width and a height: Firefox draws an SVG without them on no
 * canvas. Whole pixels keep it crisp; a page's CSS may scale it.
 */
const PX_PER_MODULE = 8;

/**
 * An SVG document of a plain code, one unit to a module. One pixel per module is not asked of its `size`, because a
 * vector can be enlarged.
 *
 * A RangeError says that the text is longer than any code holds.
 */
export function svgPicture(
  text: string,
  { size, margin, ecc, color, background }: PlainOptions,
  sizeOf: (side: number) => SvgSize = () => (size === undefined ? undefined : { px: size }),
): string {
  // Its border is a module of the margin: to cut it off takes longer than to look at it.
  const matrix = borderedMatrix(text, ecc);
  const aroundBorder = margin - 1;
  const side = matrix.length + 2 * aroundBorder;
  const [extent] = extentOf({ width: side, height: side }, sizeOf(side));
  return [
    head(side, side, extent, extent, true),
    `<rect width="${side}" height="${side}" fill="${toHex(background)}"/>`,
    `<path fill="${toHex(color)}" fill-rule="evenodd" d="${squaresData(matrix, aroundBorder)}"/></svg>`,
  ].join("");
}

/** How large an SVG says it is: in px, or in mm. */
export type SvgSize = { readonly px: number } | { readonly mm: number } | undefined;

/** @param size its width; its height follows */
export function svgOf(scene: Scene, size?: SvgSize): string {
  const { width, height, ground, fills, image, isSquare } = scene;
  return [
    head(width, height, ...extentOf(scene, size), isSquare && !image),
    ground === "transparent" ? "" : `<rect width="${width}" height="${height}" fill="${toHex(ground)}"/>`,
    ...fills.map(
      ({ color, path }) => `<path fill="${toHex(color)}" fill-rule="evenodd" d="${pathData(path)}"/>`,
    ),
    ...(image ? [imageElement(image)] : []),
    "</svg>",
  ].join("");
}

function head(width: number, height: number, x: string, y: string, isSquare: boolean): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${short(width)} ${short(height)}" width="${x}" height="${y}"`,
    // Smoothing would leave grey edges between pixels.
    `${isSquare ? ' shape-rendering="crispEdges"' : ""} role="img" aria-label="QR code">`,
  ].join("");
}

function extentOf({ width, height }: Pick<Scene, "width" | "height">, size: SvgSize): [string, string] {
  if (size && "mm" in size) return [`${short(size.mm)}mm`, `${short((size.mm * height) / width)}mm`];
  const px = size?.px ?? width * PX_PER_MODULE;
  return [short(px), short((px * height) / width)];
}

function imageElement({ box, logo }: Placed): string {
  const place = `x="${short(box.x)}" y="${short(box.y)}" width="${short(box.width)}" height="${short(box.height)}"`;
  return `<image ${place} href="data:image/png;base64,${Buffer.from(logo.png).toString("base64")}"/>`;
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
