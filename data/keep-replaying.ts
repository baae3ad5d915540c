import { setTimeout as sleep } from "node:timers/promises";
import { warnOncePerMinute } from "../core/telemetry/repeated-warning.ts";
import { raisePendingCounters } from "./raise-pending-counters.ts";
import { replayInvalidations } from "./replay-invalidations.ts";
import type { Stores } from "./stores.ts";

/** Between looks for invalidations after one that confirmed nothing, in milliseconds. */
const POLL_MS = 200;

/** Likewise for counters, which are only low, and only after Redis was down. */
const COUNTERS_POLL_MS = 1_000;

/**
 * Replays invalidations and raises counters that Redis did not confirm until the signal fires, whatever else its process
 * waits for: what is stale must not wait for Kafka.
 *
 * @param onReplayed told how many invalidations were confirmed, if any
 */
export async function keepReplaying(
  stores: Stores,
  signal: AbortSignal,
  onReplayed: (confirmed: number) => void,
): Promise<void> {
  const { log } = stores;
  const keepDoing = async (replay: () => Promise<number>, pollMs: number, warn: (error: unknown) => void) => {
    while (!signal.aborted) {
      const confirmed = await replay().catch((error: unknown) => {
        warn(error);
        return 0;
      });
      if (confirmed === 0) await sleep(pollMs, undefined, { signal }).catch(() => {});
    }
  };
  const invalidations = async () => {
    const confirmed = await replayInvalidations(stores);
    if (confirmed > 0) onReplayed(confirmed);
    return confirmed;
  };
  await Promise.all([
    keepDoing(invalidations, POLL_MS, (error) =>
      warnOncePerMinute(log, "invalidations can't be replayed", error),
    ),
    keepDoing(
      () => raisePendingCounters(stores),
      COUNTERS_POLL_MS,
      (error) => warnOncePerMinute(log, "counters can't be raised", error),
    ),
  ]);
}
