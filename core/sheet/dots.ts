import type { Rgb } from "../picture/color.ts";
import type { Path, Point, Segment } from "../picture/path.ts";
import type { Ink } from "../picture/print/ink.ts";
import { decimal } from "../picture/print/number.ts";
import { colorOperator } from "../picture/print/pdf-scene.ts";
import type { Fill, Scene } from "../picture/scene.ts";

/** Circles of one size. */
interface Dots {
  readonly color: Rgb;
  readonly diameter: number;
  readonly centres: readonly Point[];
}

/** A scene without the circles of its fills, and these. */
export function withoutDots(scene: Scene): { scene: Scene; dots: readonly Dots[] } {
  const dots: Dots[] = [];
  const fills: Fill[] = [];
  for (const { color, path } of scene.fills) {
    const outlines = outlinesOf(path).map((outline) => ({ outline, circle: circleOf(outline) }));
    const rest = outlines.flatMap(({ outline, circle }) => (circle ? [] : outline));
    if (rest.length > 0) fills.push({ color, path: rest });
    const circles = outlines.flatMap(({ circle }) => (circle ? [circle] : []));
    for (const [diameter, same] of Map.groupBy(circles, (circle) => circle.diameter))
      dots.push({ color, diameter, centres: same.map(({ centre }) => centre) });
  }
  return { scene: { ...scene, fills }, dots };
}

/**
 * Dots as lines without a length and with round ends, which are circles (ISO 32000-1, 8.5.3.2): a fifteenth of what their
 * outlines take.
 */
export function dotOperators(dots: readonly Dots[], ink: Ink): string[] {
  return dots.map(({ color, diameter, centres }) => {
    // The operators of lines are those of fills in capitals; names are written as they are.
    const stroke = colorOperator(color, true, ink).replace(/\b(?:rg|k|cs|scn)\b/g, (name) =>
      name.toUpperCase(),
    );
    const places = centres.map((centre) => centre.map(decimal).join(" "));
    return `${stroke} 1 J ${decimal(diameter)} w\n${places.map((at) => `${at} m ${at} l`).join("\n")} S`;
  });
}

function outlinesOf(path: Path): Segment[][] {
  const outlines: Segment[][] = [];
  for (const segment of path) {
    if (segment[0] === "M") outlines.push([]);
    outlines.at(-1)?.push(segment);
  }
  return outlines;
}

/** Four curves whose ends lie as far from the middle as the sides do. */
function circleOf(outline: readonly Segment[]): { centre: Point; diameter: number } | undefined {
  if (outline.filter(([name]) => name === "C").length !== 4) return undefined;
  const ends = outline.flatMap((segment) => (segment[0] === "Z" ? [] : [segment.at(-1) as Point]));
  const [xs, ys] = [ends.map(([x]) => x), ends.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const diameter = rounded(Math.max(...xs) - left);
  if (rounded(Math.max(...ys) - top) !== diameter) return undefined;
  const centre: Point = [rounded(left + diameter / 2), rounded(top + diameter / 2)];
  const isRound = ends.every(
    ([x, y]) => rounded(Math.hypot(x - centre[0], y - centre[1])) === rounded(diameter / 2),
  );
  return isRound ? { centre, diameter } : undefined;
}

const rounded = (value: number) => Math.round(value * 10_000) / 10_000;
