import { removeAtOnce } from "./confirmed-invalidations.ts";
import type { PendingInvalidation } from "./postgres/pending-invalidations.ts";
import type { Closed } from "./redis/code-cache.ts";
import type { Stores } from "./stores.ts";

/**
 * Reopens the keys of a committed change: the cache drops the old value and the change's mark, then the pending
 * invalidation is deleted. If Redis does not confirm, or the delete fails, it stays and is replayed; the change itself
 * stands either way.
 *
 * @param closed what closing the keys came to
 * @returns whether Redis confirmed
 */
export async function invalidateAfterCommit(
  stores: Stores,
  change: PendingInvalidation,
  closed: Closed | undefined,
): Promise<boolean> {
  const { cache, metrics, now, confirmed = removeAtOnce(stores) } = stores;
  metrics.add("Invalidations");
  // A Redis that fell silent is not asked again: the request has waited for it long enough.
  const shown = closed?.result !== "timeout" && (await cache.forget(change, now()));
  if (shown) await confirmed.remove([change.id]);
  else metrics.add("InvalidationsPending");
  return shown;
}
