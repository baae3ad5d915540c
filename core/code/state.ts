import type { JsonValue } from "./field-types.ts";

/** What a scan would meet. All but `open` lead to the code's fallback, or say why they lead nowhere. */
export const CODE_STATES = ["open", "early", "expired", "exhausted", "paused"] as const;

export type CodeState = (typeof CODE_STATES)[number];

/** What the state depends on, besides the counter and the clock. */
export type StateFields = { [N in "status" | "startsAt" | "expiresAt" | "maxScans"]: JsonValue<N> };

/**
 * What a scan of the code would meet at `now`. It follows from the clock and the counter, so it is never stored. A property
 * test keeps it in step with `linkState`, which decides for scans.
 *
 * @param scans the live counter
 * @param now Unix ms
 */
export function codeState(
  { status, startsAt, expiresAt, maxScans }: StateFields,
  scans: number,
  now: number,
): CodeState {
  if (status === "paused") return "paused";
  if (expiresAt !== null && now >= Date.parse(expiresAt)) return "expired";
  if (startsAt !== null && now < Date.parse(startsAt)) return "early";
  if (maxScans !== null && scans >= maxScans) return "exhausted";
  return "open";
}

/** Whether the state is `open` whatever the counter and the clock say. */
export function isAlwaysOpen({ status, startsAt, expiresAt, maxScans }: StateFields): boolean {
  return status === "active" && startsAt === null && expiresAt === null && maxScans === null;
}
