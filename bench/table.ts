import type { Sample } from "./statistics.ts";

/** A Markdown table, its columns padded so that it can be read in a terminal, too. Figures are set to the right. */
export function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, 3, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** Three significant figures, thousands set off: 0.123, 12.3, 1,230. */
export function figure(value: number): string {
  if (value === 0) return "0";
  return new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 }).format(value);
}

/** Two decimals, where nothing is not less than nothing: 0.18, 0.00. */
export function exponentText(exponent: number): string {
  return new Intl.NumberFormat("en-US", {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    signDisplay: "negative",
  }).format(exponent);
}

/** The median and, in brackets, from where to where the values spread. */
export function withSpread({ median, min, max }: Sample, factor = 1): string {
  return `${figure(median * factor)} (${figure(min * factor)}–${figure(max * factor)})`;
}
