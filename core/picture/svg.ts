import { toHex } from "./color.ts";
import { type Matrix, qrMatrix } from "./matrix.ts";
import type { PictureOptions } from "./options.ts";

/**
 * Of an SVG without a `size`. It states a width and a height all the same: Firefox draws a picture that has none on
 * no canvas. Whole pixels keep it crisp; a page's CSS may scale it.
 */
const PX_PER_MODULE = 8;

/**
 * An SVG document, one unit to a module: a ground and one path of the dark modules. One pixel per module is not asked
 * of its `size`, because a vector can be enlarged.
 *
 * A RangeError says that the text is longer than any code holds.
 */
export function svgPicture(text: string, options: PictureOptions): string {
  const matrix = qrMatrix(text, options.ecc);
  const side = matrix.length + 2 * options.margin;
  const size = options.size ?? side * PX_PER_MODULE;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${size}" height="${size}"`,
    // Antialiasing would leave hairlines between the rows.
    ` shape-rendering="crispEdges" role="img" aria-label="QR code">`,
    `<rect width="${side}" height="${side}" fill="${toHex(options.background)}"/>`,
    `<path fill="${toHex(options.color)}" d="${darkPath(matrix, options.margin)}"/>`,
    "</svg>",
  ].join("");
}

/** Each run of dark modules in a row is one rectangle: half the characters of a square for every module. */
function darkPath(matrix: Matrix, margin: number): string {
  return matrix.flatMap((row, y) => darkRuns(row).map((run) => rectangle(run, y, margin))).join("");
}

function rectangle({ start, end }: Run, y: number, margin: number): string {
  return `M${margin + start} ${margin + y}h${end - start}v1h${start - end}z`;
}

/** Half-open: `start` is dark, `end` is the first module after it that is not. */
interface Run {
  start: number;
  end: number;
}

function darkRuns(row: readonly boolean[]): Run[] {
  const runs: Run[] = [];
  row.forEach((dark, x) => {
    const last = runs.at(-1);
    if (!dark) return;
    if (last?.end === x) last.end = x + 1;
    else runs.push({ start: x, end: x + 1 });
  });
  return runs;
}
