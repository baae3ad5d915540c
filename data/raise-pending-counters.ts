import { Unavailable } from "../core/errors.ts";
import { utcDate } from "../core/utc-date.ts";
import { findPendingCounters, removePendingCounters } from "./postgres/pending-counters.ts";
import { durableCounts } from "./postgres/scan-events.ts";
import { openFences } from "./redis/fence.ts";
import { leastCounts, raiseCounters } from "./redis/heal-counters.ts";
import { CacheKeys } from "./redis/keys.ts";
import type { Stores } from "./stores.ts";

/**
 * Raises counters that a batch could not raise, because Redis was down, to at least the durable figures. While Redis is
 * down, one command is tried, and the codes are left for a later call.
 *
 * @returns of how many codes
 */
export async function raisePendingCounters({
  db,
  redis,
  now,
}: Pick<Stores, "db" | "redis" | "now">): Promise<number> {
  try {
    const pending = await findPendingCounters(db);
    const codes = pending.map(({ qrId }) => qrId);
    // Before the codes are looked at: a deletion from here on refuses the counters.
    const guards = await openFences(redis, codes.map(CacheKeys.link));
    if (!guards || guards.length === 0) return 0;
    const today = utcDate(now());
    const counts = await durableCounts(db, codes, today);
    if (!(await raiseCounters(redis, leastCounts(counts, codes, guards, today)))) return 0;
    await removePendingCounters(db, pending);
    return pending.length;
  } catch (error) {
    if (error instanceof Unavailable) return 0;
    throw error;
  }
}
