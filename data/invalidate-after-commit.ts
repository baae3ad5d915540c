import { describeError } from "../core/telemetry/log.ts";
import type { CommittedChange } from "./postgres/change-codes.ts";
import { removePendingInvalidations } from "./postgres/pending-invalidations.ts";
import type { Stores } from "./stores.ts";

/**
 * Makes a committed change visible: the cache forgets the old value, and then the pending invalidation goes. If
 * Redis does not confirm, or the removal fails, it stays and is replayed; the change itself stands either way.
 *
 * @returns whether Redis confirmed
 */
export async function settleChange(
  { cache, db, log, metrics, now }: Stores,
  change: CommittedChange,
  deleted = false,
): Promise<boolean> {
  const { tenantId, qrId } = change.code;
  metrics.add("Invalidations");
  if (!(await cache.forget({ tenantId, qrId, deleted }, now()))) {
    metrics.add("InvalidationsPending");
    return false;
  }
  try {
    await removePendingInvalidations(db, [change.pendingInvalidation]);
  } catch (error) {
    log.warn("a confirmed invalidation stays pending", { error: describeError(error) });
  }
  return true;
}
