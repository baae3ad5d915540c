export const DAY_MS = 86_400_000;

/** The last day that was asked for: at each scan it is the same. */
let lastDay = Number.NaN;
let lastDate = "";

/** `YYYY-MM-DD` of the UTC day that holds `now` (Unix ms). */
export function utcDate(now: number): string {
  const day = Math.floor(now / DAY_MS);
  if (day !== lastDay) {
    lastDate = new Date(now).toISOString().slice(0, 10);
    lastDay = day;
  }
  return lastDate;
}
