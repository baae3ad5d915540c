import type { ConsoleScores } from "../benchmarks/console.ts";
import { table } from "../table.ts";

/** Lighthouse's scores of each page. */
export function consoleReport({ pages, firstViewBytes, largestPaintMs }: ConsoleScores): string {
  const rows = pages.map(({ page, device, performance, accessibility, bestPractices }) => [
    `\`#/${page}\``,
    device,
    String(performance),
    String(accessibility),
    String(bestPractices),
  ]);
  return `${table(["page", "device", "performance", "accessibility", "best practices"], rows)}

On the phone, which Lighthouse makes four times as slow as this machine and puts on a slow line, the first view takes
${Math.round(firstViewBytes / 1_024)} kB and is drawn after ${(largestPaintMs / 1_000).toFixed(1)} s. There, each row is the median of three runs.`;
}
