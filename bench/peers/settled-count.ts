import { setTimeout as sleep } from "node:timers/promises";
import type { Peer } from "./peer.ts";

/** Between looks at what is counted, in milliseconds, and the longest for all of them. */
const POLL_MS = 500;
const SETTLED_WITHIN_MS = 180_000;

/**
 * What a service has counted once nothing is added any more, and how many seconds it took until the last of it was.
 *
 * @param stillMs what is counted is taken for final once it has stood still for this long, in milliseconds
 */
export async function settledCount(
  peer: Pick<Peer, "counted">,
  stillMs: number,
): Promise<{ counted: number; seconds: number }> {
  const startedAt = Date.now();
  let counted = await peer.counted();
  let since = startedAt;
  while (Date.now() - since < stillMs && Date.now() < startedAt + SETTLED_WITHIN_MS) {
    await sleep(POLL_MS);
    const now = await peer.counted();
    if (now !== counted) since = Date.now();
    counted = now;
  }
  return { counted, seconds: (since - startedAt) / 1_000 };
}
