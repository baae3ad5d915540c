import { describeError } from "../core/telemetry/log.ts";
import { removePendingInvalidations } from "./postgres/pending-invalidations.ts";
import type { CodeChange } from "./redis/code-cache.ts";
import type { Stores } from "./stores.ts";

/**
 * Reopens the keys of a committed change: the cache drops the old value and the change's mark, then the pending
 * invalidation is deleted. If Redis does not confirm, or the delete fails, it stays and is replayed; the change itself
 * stands either way.
 *
 * @returns whether Redis confirmed
 */
export async function invalidateAfterCommit(
  { cache, db, log, metrics, now }: Stores,
  change: CodeChange,
): Promise<boolean> {
  if (!(await cache.forget(change, now()))) {
    metrics.add("InvalidationsPending");
    return false;
  }
  try {
    await removePendingInvalidations(db, [change.id]);
  } catch (error) {
    log.warn("a confirmed invalidation stays pending", { error: describeError(error) });
  }
  return true;
}
