import { linkState } from "../../core/link/link.ts";
import type { CapturedScan } from "../../core/scan/captured-scan.ts";
import { insertScans } from "../../data/postgres/event-outbox.ts";
import type { FoundLink } from "../../data/postgres/read-link.ts";
import type { ScanMode, ScanOutcome } from "../../data/redis/link-cache.ts";
import type { Services } from "../runtime/services.ts";

/** Redirects although nothing can be counted; the count follows from the captured event. */
export async function scanWithoutRedis(
  { db, metrics }: Services,
  found: FoundLink | null,
  mode: ScanMode,
  scan: CapturedScan,
): Promise<ScanOutcome> {
  if (!found) return { state: "unknown", url: null };
  const { link, scans } = found;
  // Scans that are not persisted yet are out of sight: a few too many are better than a printed code that fails.
  const state = linkState(link, scan.occurredAt, scans);
  if (state !== "open") return { state, url: link.fallback };
  if (mode !== "peek") {
    await insertScans(db, [{ ...scan, tenantId: link.tenantId, targetUrl: link.target }]);
    metrics.add("ScansWithoutRedis");
  }
  return { state, url: link.target };
}
