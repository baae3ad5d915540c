import { removeAtOnce } from "./confirmed-invalidations.ts";
import type { Closed, CodeChange } from "./redis/code-cache.ts";
import type { Stores } from "./stores.ts";

/**
 * Reopens the keys of a committed change: the cache drops the old value and the change's mark, then the pending
 * invalidation is deleted. If Redis does not confirm, or the delete fails, it stays and is replayed; the change itself
 * stands either way.
 *
 * @param change with the ID of its pending invalidation
 * @param closed what closing the keys came to
 * @returns whether Redis confirmed
 */
export async function invalidateAfterCommit(
  stores: Stores,
  { id, ...change }: CodeChange & { id: number },
  closed: Closed | undefined,
): Promise<boolean> {
  const { cache, metrics, now, confirmed = removeAtOnce(stores) } = stores;
  metrics.add("Invalidations");
  // A Redis that fell silent is not asked again: the request has waited for it long enough.
  const shown = closed?.result !== "timeout" && (await cache.forget(change, now()));
  if (shown) await confirmed.remove([id]);
  else metrics.add("InvalidationsPending");
  return shown;
}
