import type { Growth } from "../benchmarks/scale/growth.ts";
import { figure, table } from "../table.ts";

/** @param charts the files of the curves, in the same order */
export function scaleReport(growths: Growth[], charts: string[]): string {
  return growths
    .map(({ x, unit, curves }, index) => {
      const rows = curves.map(({ title, points, exponent }) => [
        title,
        ...[points[0], points.at(-1)].map((point) =>
          point ? `${figure(point.y)} ${unit} at ${figure(point.x)}` : "–",
        ),
        exponent.toFixed(2),
      ]);
      return `![${x}](${charts[index]})\n\n${table([x, "from", "to", "exponent"], rows)}`;
    })
    .join("\n\n");
}
