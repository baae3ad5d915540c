import { utcDate } from "../core/utc-date.ts";
import type { SortedRecords } from "./kafka/records.ts";
import { oldestKept } from "./postgres/partitions.ts";
import { addPendingCounters } from "./postgres/pending-counters.ts";
import { persistBatch } from "./postgres/scan-events.ts";
import { openFences } from "./redis/fence.ts";
import { leastCounts, raiseCounters } from "./redis/heal-counters.ts";
import { CacheKeys } from "./redis/keys.ts";
import type { Stores } from "./stores.ts";

export interface Persisted {
  /** Scans that were new. */
  persisted: number;
  /** Scans that had been seen before. */
  duplicates: number;
  /** Scans older than the retention, whose earlier delivery could no longer be recognised. */
  expired: number;
  deadLetters: number;
}

/**
 * Persists a batch in one transaction: events not seen before, and roll-ups for just those. Then raises the Redis
 * counters to at least the durable figures, so that a counter that was flushed, evicted or missed heals. If Redis does not
 * confirm it, the codes are stored, and their counters raised when it does: `raise-pending-counters.ts`.
 *
 * @throws Unavailable if the database does not answer; the whole batch may then be delivered again
 */
export async function persist(
  stores: Pick<Stores, "db" | "redis" | "now">,
  batch: SortedRecords,
  retentionMonths: number,
): Promise<Persisted> {
  const oldest = oldestKept(stores.now(), retentionMonths);
  const scans = batch.scans.filter(({ occurredAt }) => occurredAt >= oldest);
  const expired = batch.scans.length - scans.length;
  // Before the codes are looked at: a deletion from here on refuses the counters.
  const codes = [...new Set(scans.map(({ qrId }) => qrId))];
  const guards = await openFences(stores.redis, codes.map(CacheKeys.link));
  const { fresh, counts } = await persistBatch(stores.db, scans, batch.dead);
  const raised =
    guards && (await raiseCounters(stores.redis, leastCounts(counts, codes, guards, utcDate(stores.now()))));
  // If this fails the batch comes again, and with it the raise.
  if (!raised) await addPendingCounters(stores.db, codes);
  return {
    persisted: fresh,
    duplicates: scans.length - fresh,
    expired,
    deadLetters: batch.dead.length,
  };
}
