import { Unavailable } from "../core/errors.ts";
import { invalidateAfterCommit } from "./invalidate-after-commit.ts";
import type { Query } from "./postgres/db.ts";
import { type PendingChange, pendingOf } from "./postgres/pending-invalidations.ts";
import type { Closed, CodeChange } from "./redis/code-cache.ts";
import type { Stores } from "./stores.ts";

/** A code that is to be made. */
export interface NewCode {
  tenantId: string;
  /** One that nobody else can have, since its keys are closed before the database has said so. */
  qrId: string;
  /** By which it closes the keys: the ID of its event, stored with the pending invalidation. */
  mark: string;
}

/**
 * `commitChange` for a code whose ID nobody else can have, with the same promises: the keys that will show it are closed
 * first, so that the whole transaction is one statement instead of three.
 *
 * @param insert sends one statement; it throws if it made nothing
 * @returns what `insert` returned
 */
export async function commitNewCode<Change extends PendingChange>(
  stores: Stores,
  code: NewCode,
  insert: (query: Query) => Promise<Change>,
): Promise<Change> {
  const { cache, db, now } = stores;
  const closing: CodeChange = { ...code, deleted: false };
  let closed: Closed | undefined;
  let change: Change;
  try {
    change = await db.autocommit(async (query) => {
      closed = await cache.close(closing);
      return insert(query);
    }, code.tenantId);
  } catch (error) {
    // What is unavailable may have committed it.
    if (closed && !(error instanceof Unavailable)) await cache.forget(closing, now());
    throw error;
  }
  await invalidateAfterCommit(stores, pendingOf(change), closed);
  return change;
}
