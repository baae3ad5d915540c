import type { Path, Point, Segment } from "../path.ts";
import { CAP_HEIGHT, glyphs, type Step } from "./glyphs.ts";

/** A line of text as outlines, in modules. */
export interface TextLine {
  readonly path: Path;
  readonly width: number;
}

/**
 * Lays a line out.
 *
 * @param capHeight of its capital letters
 * @param left where it begins
 * @param baseline on which its letters stand
 */
export function textLine(text: string, capHeight: number, left: number, baseline: number): TextLine {
  const scale = capHeight / CAP_HEIGHT;
  const path: Segment[] = [];
  let x = left;
  for (const character of text) {
    const glyph = glyphs().get(character);
    if (!glyph) continue;
    const origin = x;
    path.push(...outlinesOf(glyph.steps, ([u, v]) => [origin + u * scale, baseline - v * scale]));
    x += glyph.advance * scale;
  }
  return { path, width: x - left };
}

/** Its width where capital letters are one unit high. */
export function widthOf(text: string): number {
  const advances = [...text].map((character) => glyphs().get(character)?.advance ?? 0);
  return advances.reduce((sum, advance) => sum + advance, 0) / CAP_HEIGHT;
}

/** A glyph as a path. @param place where a point of the glyph, in thousandths of an em with y upwards, lies */
export function outlinesOf(steps: readonly Step[], place: (point: Point) => Point): Segment[] {
  let last: Point = [0, 0];
  return steps.map(([name, ...numbers]): Segment => {
    if (name === "Z") return ["Z"];
    const end: Point = [numbers.at(-2) ?? 0, numbers.at(-1) ?? 0];
    const from = last;
    last = end;
    if (name !== "Q") return [name, place(end)];
    const control: Point = [numbers[0] ?? 0, numbers[1] ?? 0];
    // A quadratic curve is the cubic one whose control points lie two thirds of the way to its own.
    const towards = ([x, y]: Point): Point => [
      x + ((control[0] - x) * 2) / 3,
      y + ((control[1] - y) * 2) / 3,
    ];
    return ["C", place(towards(from)), place(towards(end)), place(end)];
  });
}
