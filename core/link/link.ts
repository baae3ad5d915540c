import type { RowValue, ScanField } from "../code/field-types.ts";
import { redirectLocation } from "../code/target-url.ts";

/**
 * What a scan needs to know of a code, reduced to the two instants between which it redirects. Both are Unix
 * timestamps in milliseconds; a paused or deleted code closed at 0.
 */
export interface Link {
  tenantId: string;
  /** Ready for a `Location` header. */
  target: string;
  opensAt: number;
  closesAt: number | null;
  maxScans: number | null;
  /** Ready for a `Location` header. */
  fallback: string | null;
}

export type LinkState = "open" | "early" | "closed";

/** What a link is made of: the fields that a scan needs, as the database gives them. */
export type LinkSource = { [N in ScanField]: RowValue<N> } & { deletedAt: Date | null };

export function linkOf(code: LinkSource): Link {
  const closed = code.status === "paused" || code.deletedAt !== null;
  return {
    tenantId: code.tenantId,
    target: redirectLocation(code.targetUrl),
    opensAt: closed ? 0 : (code.startsAt?.getTime() ?? 0),
    closesAt: closed ? 0 : (code.expiresAt?.getTime() ?? null),
    maxScans: code.maxScans,
    fallback: code.fallbackUrl === null ? null : redirectLocation(code.fallbackUrl),
  };
}

/**
 * Whether a scan at `now` (Unix ms) redirects. The scan script holds the same rule in Lua, since it must decide
 * and count in one step; a property test keeps the two alike.
 */
export function linkState(link: Link, now: number, scans: number): LinkState {
  if (link.closesAt !== null && now >= link.closesAt) return "closed";
  if (now < link.opensAt) return "early";
  if (link.maxScans !== null && scans >= link.maxScans) return "closed";
  return "open";
}
