import { Unavailable } from "../core/errors.ts";
import { invalidateAfterCommit } from "./invalidate-after-commit.ts";
import type { Query } from "./postgres/db.ts";
import { type PendingChange, pendingOf } from "./postgres/pending-invalidations.ts";
import type { Closed, CodeChange } from "./redis/code-cache.ts";
import type { Stores } from "./stores.ts";

/**
 * Changes a code so that once any reader has seen the new value, no reader sees the old one:
 *
 * 1. `work` changes the row in a transaction, which also stores the pending invalidation.
 * 2. The keys that show the code are closed: readers go to the database. This waits until the row is known to belong to
 *    the caller; otherwise a tenant could close another tenant's keys.
 * 3. The transaction commits.
 * 4. The keys are invalidated, and are open again.
 *
 * Redis never fails a change. Without step 2 the old value may be seen until step 4, without step 4 until the pending
 * invalidation is replayed. A change whose commit is refused opens the keys again; one that may have been committed leaves
 * its mark to expire.
 *
 * @param tenantId whose code it is
 * @param work returns the change, or `undefined` if there is none; what it throws rolls back
 * @returns the change, if there is one, and whether Redis has confirmed step 4
 */
export async function commitChange<Change extends PendingChange>(
  stores: Stores,
  tenantId: string,
  work: (query: Query) => Promise<Change | undefined>,
): Promise<{ change: Change; shown: boolean } | undefined> {
  const { cache, db, now } = stores;
  const closing: { of?: CodeChange; result?: Closed } = {};
  let change: Change | undefined;
  try {
    change = await db.transaction(async (query) => {
      const made = await work(query);
      if (!made) return undefined;
      closing.of = pendingOf(made);
      closing.result = await cache.close(closing.of);
      return made;
    }, tenantId);
  } catch (error) {
    // What is unavailable may have committed it.
    if (closing.of && !(error instanceof Unavailable)) {
      await cache.forget({ ...closing.of, deleted: false }, now());
    }
    throw error;
  }
  if (!change || !closing.of) return undefined;
  return { change, shown: await invalidateAfterCommit(stores, pendingOf(change), closing.result) };
}
