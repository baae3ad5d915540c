import type { Rgb } from "../color.ts";
import { WHITE } from "../color.ts";
import { rectangle } from "../path.ts";
import type { Scene } from "../scene.ts";
import type { Ink } from "./ink.ts";
import { toPoints } from "./length.ts";
import { decimal } from "./number.ts";
import { pathOperators } from "./path-operators.ts";

const OPERATORS = { M: "m", L: "l", C: "c", Z: "h" };

/**
 * A PDF 1.4 of one page that is exactly the picture, with its quiet zone. Text in ASCII throughout, so that its bytes
 * are its characters.
 *
 * @param widthMm width and height
 */
export function pdfOf(scene: Scene, widthMm: number, ink: Ink): string {
  const points = decimal(toPoints(widthMm));
  const content = contentOf(scene, toPoints(widthMm), ink);
  return fileOf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${points} ${points}] /TrimBox [0 0 ${points} ${points}] /Resources << ${resourcesOf(ink)} >> /Contents 4 0 R >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ]);
}

function contentOf({ side, ground, fills }: Scene, points: number, ink: Ink): string {
  const scale = points / side;
  const paint = (color: Rgb, isInk: boolean, path: Scene["fills"][number]["path"]) =>
    `${colorOperator(color, isInk, ink)}\n${pathOperators(path, OPERATORS)}f*`;
  return [
    // A module is the unit, and y points downwards.
    `${decimal(scale)} 0 0 ${decimal(-scale)} 0 ${decimal(points)} cm`,
    ...(ground === "transparent" ? [] : [paint(ground, false, rectangle([0, 0], side, side))]),
    ...fills.map(({ color, path }) => paint(color, true, path)),
  ].join("\n");
}

function colorOperator(color: Rgb, isInk: boolean, ink: Ink): string {
  if (ink.kind === "spot" && isInk) return "/Spot cs 1 scn";
  if (ink.kind !== "colors") return `0 0 0 ${isInk ? 1 : 0} k`;
  if (color.join() === WHITE.join()) return "1 g";
  return `${color.map((channel) => decimal(channel / 255)).join(" ")} rg`;
}

function resourcesOf(ink: Ink): string {
  if (ink.kind !== "spot") return "";
  const name = ink.name.replaceAll(" ", "#20");
  const tint = `<< /FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 [${ink.alternate.map(decimal).join(" ")}] /N 1 >>`;
  return `/ColorSpace << /Spot [/Separation /${name} /DeviceCMYK ${tint}] >>`;
}

/** Objects, the table of where each begins, and the trailer (ISO 32000-1, 7.5). */
function fileOf(objects: readonly string[]): string {
  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, n) => {
    const offset = file.length;
    file += `${n + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  const size = objects.length + 1;
  return `${file}xref\n0 ${size}\n0000000000 65535 f \n${offsets.join("")}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
}
