import type { Box } from "./damage.ts";
import type { Brightness } from "./seen-code.ts";

/** Samples a module: as fine as zbar looks for alignment patterns. */
export const SAMPLES = 4;

/** The brightness of an area at multiples of a quarter of a module, and its means over squares around them. */
export interface Sampled {
  readonly at: Brightness;
  /** @param window side of the square around a place, in modules; what lies outside of the area is left out */
  mean(x: number, y: number, window: number): number;
}

/** @param area what is sampled, rounded outwards to whole modules; no place outside of it may be asked for */
export function sampled(brightness: Brightness, area: Box): Sampled {
  const [left, top] = [Math.floor(area.x), Math.floor(area.y)];
  const width = SAMPLES * (Math.ceil(area.x + area.width) - left);
  const height = SAMPLES * (Math.ceil(area.y + area.height) - top);
  const values = new Float32Array(width * height);
  // The sum of all samples above and to the left (a summed-area table), with a row and a column of zeros before them.
  const stride = width + 1;
  const sums = new Float64Array(stride * (height + 1));
  for (let row = 0; row < height; row++) {
    let inRow = 0;
    for (let column = 0; column < width; column++) {
      const value = brightness(left + column / SAMPLES, top + row / SAMPLES);
      values[row * width + column] = value;
      inRow += value;
      sums[(row + 1) * stride + column + 1] = (sums[row * stride + column + 1] ?? 0) + inRow;
    }
  }
  const columnOf = (x: number) => Math.round((x - left) * SAMPLES);
  const rowOf = (y: number) => Math.round((y - top) * SAMPLES);
  const sumTo = (column: number, row: number) => sums[row * stride + column] ?? 0;
  return {
    at: (x, y) => values[rowOf(y) * width + columnOf(x)] ?? 0,
    mean: (x, y, window) => {
      const half = Math.round((window * SAMPLES) / 2);
      const [from, to] = [Math.max(0, columnOf(x) - half), Math.min(width, columnOf(x) + half)];
      const [above, below] = [Math.max(0, rowOf(y) - half), Math.min(height, rowOf(y) + half)];
      const sum = sumTo(to, below) - sumTo(from, below) - sumTo(to, above) + sumTo(from, above);
      return sum / ((to - from) * (below - above));
    },
  };
}
