import type { Rgb } from "../color.ts";
import { rectangle } from "../path.ts";
import type { Scene } from "../scene.ts";
import type { Ink } from "./ink.ts";
import { toPoints } from "./length.ts";
import { decimal } from "./number.ts";
import { pathOperators } from "./path-operators.ts";

const OPERATORS = { M: "m", L: "l", C: "c", Z: "h" };

/**
 * An EPS of Language Level 2 that is exactly the picture, with its quiet zone (Adobe's Technical Note 5002). ASCII.
 *
 * @param widthMm width and height
 */
export function epsOf({ side, ground, fills }: Scene, widthMm: number, ink: Ink): string {
  const points = toPoints(widthMm);
  const paint = (color: Rgb, isInk: boolean, path: Scene["fills"][number]["path"]) =>
    `${colorOperator(color, isInk, ink)}\n${pathOperators(path, OPERATORS)}eofill`;
  return [
    "%!PS-Adobe-3.0 EPSF-3.0",
    // Whole points, as the format has it: the exact box is the next line's.
    `%%BoundingBox: 0 0 ${Math.ceil(points)} ${Math.ceil(points)}`,
    `%%HiResBoundingBox: 0 0 ${decimal(points)} ${decimal(points)}`,
    "%%LanguageLevel: 2",
    "%%Title: (QR code)",
    ...(ink.kind === "spot"
      ? [
          `%%DocumentCustomColors: (${ink.name})`,
          `%%CMYKCustomColor: ${ink.alternate.map(decimal).join(" ")} (${ink.name})`,
        ]
      : []),
    "%%EndComments",
    "gsave",
    "/m {moveto} bind def /l {lineto} bind def /c {curveto} bind def /h {closepath} bind def",
    // A module is the unit, and y points downwards.
    `0 ${decimal(points)} translate ${decimal(points / side)} ${decimal(-points / side)} scale`,
    ...(ground === "transparent" ? [] : [paint(ground, false, rectangle([0, 0], side, side))]),
    ...fills.map(({ color, path }) => paint(color, true, path)),
    "grestore",
    "%%EOF",
    "",
  ].join("\n");
}

function colorOperator(color: Rgb, isInk: boolean, ink: Ink): string {
  if (ink.kind === "spot" && isInk) {
    const tint = ink.alternate.map((share) => `dup ${decimal(share)} mul exch`).join(" ");
    return `[/Separation (${ink.name}) /DeviceCMYK {${tint} pop}] setcolorspace 1 setcolor`;
  }
  if (ink.kind !== "colors") return `0 0 0 ${isInk ? 1 : 0} setcmykcolor`;
  return `${color.map((channel) => decimal(channel / 255)).join(" ")} setrgbcolor`;
}
