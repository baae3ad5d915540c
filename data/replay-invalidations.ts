import { Unavailable } from "../core/errors.ts";
import {
  findPendingInvalidations,
  type PendingInvalidation,
  removePendingInvalidations,
} from "./postgres/pending-invalidations.ts";
import type { Stores } from "./stores.ts";

/**
 * Retries unconfirmed invalidations: one as a probe, since Redis may still be down, then the rest concurrently. Those
 * that stay unconfirmed are retried by a later call.
 *
 * @returns how many were confirmed
 */
export async function replayInvalidations({ db, cache, now }: Stores): Promise<number> {
  const replay = async (change: PendingInvalidation) =>
    (await cache.forget(change, now())) ? [change.id] : [];
  try {
    const [first, ...others] = await findPendingInvalidations(db);
    const confirmed = first ? await replay(first) : [];
    if (confirmed.length === 0) return 0;
    confirmed.push(...(await Promise.all(others.map(replay))).flat());
    await removePendingInvalidations(db, confirmed);
    return confirmed.length;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return 0;
  }
}
