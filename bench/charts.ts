import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Growth } from "./benchmarks/scale/growth.ts";
import { CHARTS } from "./benchmarks.ts";
import { chart } from "./chart.ts";
import { hasResult, RESULTS_FOLDER, readResult } from "./results.ts";

/** Draws the curves that were measured last. */
export function writeCharts(): void {
  if (!hasResult("scale")) return;
  const { result } = readResult<Growth[]>("scale");
  for (const [index, growth] of result.entries())
    writeFileSync(join(RESULTS_FOLDER, CHARTS[index] ?? ""), chart(growth));
}
