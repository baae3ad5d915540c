import { Unavailable } from "../core/errors.ts";
import {
  findPendingInvalidations,
  type PendingInvalidation,
  removePendingInvalidations,
} from "./postgres/pending-invalidations.ts";
import type { Stores } from "./stores.ts";

/**
 * Makes the cache forget what it could not be told when it changed: one change first, since Redis may still be down, and
 * then all that were found with it, at once. What is not confirmed is tried again later.
 *
 * @returns how many were confirmed
 */
export async function replayInvalidations({ db, cache, now }: Stores): Promise<number> {
  const told = async (change: PendingInvalidation) =>
    (await cache.forget(change, now())) ? [change.id] : [];
  try {
    const [first, ...others] = await findPendingInvalidations(db);
    const confirmed = first ? await told(first) : [];
    if (confirmed.length === 0) return 0;
    confirmed.push(...(await Promise.all(others.map(told))).flat());
    await removePendingInvalidations(db, confirmed);
    return confirmed.length;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return 0;
  }
}
