import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Growth } from "./benchmarks/scale/growth.ts";
import { CHARTS } from "./benchmarks.ts";
import { chart } from "./chart.ts";
import { RESULTS_FOLDER, resultsOf } from "./results.ts";

/** Draws the curves that were measured last, of each processor. */
export function writeCharts(): void {
  for (const { folder, result } of resultsOf<Growth[]>("scale"))
    for (const [index, growth] of result.entries())
      writeFileSync(join(RESULTS_FOLDER, folder, CHARTS[index] ?? ""), chart(growth));
}
