import type { Curve, Growth } from "../benchmarks/scale/growth.ts";
import { exponentText, figure, table } from "../table.ts";

/** For 1,000 tenants. */
const MEMORY_GOAL_MB = 100;

/** @param charts the files of the curves, in the same order */
export function scaleReport(growths: Growth[], charts: string[]): string {
  return growths
    .map(({ x, unit, curves }, index) => {
      const rows = curves.map(({ title, points, exponent }) => [
        title,
        ...[points[0], points.at(-1)].map((point) =>
          point ? `${figure(point.y)} ${unit} at ${figure(point.x)}` : "–",
        ),
        exponentText(exponent),
      ]);
      const parts = [`![${x}](${charts[index]})`, table([x, "from", "to", "exponent"], rows)];
      if (unit === "MB") parts.push(memoryLine(curves));
      return parts.join("\n\n");
    })
    .join("\n\n");
}

function memoryLine(curves: Curve[]): string {
  const most = curves[0]?.points.at(-1);
  const each = most ? most.y / most.x : Number.NaN;
  return `That is ${figure(1_000 * each)} MB for 1,000 tenants, each with a list of 100 codes, one code and one link; the goal is
${MEMORY_GOAL_MB} MB.`;
}
