export const DAY_MS = 86_400_000;

/** `YYYY-MM-DD` of the UTC day that holds `now` (Unix ms). */
export function utcDate(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}
