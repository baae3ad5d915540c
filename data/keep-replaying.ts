import { setTimeout as sleep } from "node:timers/promises";
import { warnOncePerMinute } from "../core/telemetry/repeated-warning.ts";
import { replayInvalidations } from "./replay-invalidations.ts";
import type { Stores } from "./stores.ts";

/** Between looks after one that confirmed nothing, in milliseconds. */
const POLL_MS = 200;

/**
 * Replays invalidations until the signal fires, whatever else its process waits for: what is stale must not wait for Kafka.
 *
 * @param onReplayed told how many were confirmed, if any
 */
export async function keepReplaying(
  stores: Stores,
  signal: AbortSignal,
  onReplayed: (confirmed: number) => void,
): Promise<void> {
  while (!signal.aborted) {
    const confirmed = await replayInvalidations(stores).catch((error: unknown) => {
      warnOncePerMinute(stores.log, "invalidations can't be replayed", error);
      return 0;
    });
    if (confirmed > 0) onReplayed(confirmed);
    else await sleep(POLL_MS, undefined, { signal }).catch(() => {});
  }
}
