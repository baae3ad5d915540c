import { numberText } from "../parts/progress.ts";

/** What became of rows. */
export interface Counts {
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  failed: number;
}

export function noCounts(): Counts {
  return { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 };
}

export function addCounts(one: Counts, other: Counts): Counts {
  const names = Object.keys(one) as (keyof Counts)[];
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as unknown as Counts;
}

/** In words, without what did not happen. */
export function countsText(counts: Counts): string {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${numberText(count)} ${name}`);
  return parts.join(", ") || "no rows";
}
