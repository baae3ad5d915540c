import { Unavailable } from "../core/errors.ts";
import { removeAtOnce } from "./confirmed-invalidations.ts";
import type { Query } from "./postgres/db.ts";
import type { PendingInvalidation } from "./postgres/pending-invalidations.ts";
import type { ClosedList } from "./redis/code-cache.ts";
import type { RedisFailureReason } from "./redis/port.ts";
import type { Stores } from "./stores.ts";

/** Codes of one command, which Redis works at for some 3 ms: scans wait behind it. */
const SLICE = 250;

/**
 * Bound on closing, in milliseconds. The first mark must still stand when the transaction commits (`CACHE_TTL.mark`); a
 * Redis that takes longer is left out as one that fell silent.
 */
const MAX_CLOSING_MS = 4_000;

/** The database ends a transaction that waits for its client; so long, in milliseconds, it may be left waiting. */
const MAX_IDLE_MS = 500;

/** What a transaction has done. */
export interface MadeChanges<Result> {
  result: Result;
  /** Of one tenant. */
  changes: readonly PendingInvalidation[];
}

/**
 * `commitChange` for thousands of a tenant's codes, by the same steps and with the same promises for each: the rows are
 * changed, all keys that show them are closed, the transaction commits, the keys are invalidated. The tenant's list is
 * closed and invalidated once, the codes in slices.
 *
 * A Redis that fails on the way leaves the rest to the replay; it never fails the changes.
 *
 * @param work what it throws rolls back
 */
export async function commitChanges<Result>(
  stores: Stores,
  work: (query: Query) => Promise<MadeChanges<Result>>,
): Promise<Result> {
  const { db, metrics } = stores;
  const closing: { of: readonly PendingInvalidation[]; failed?: RedisFailureReason } = { of: [] };
  let made: MadeChanges<Result>;
  try {
    made = await db.transaction(async (query) => {
      const done = await work(query);
      closing.of = done.changes;
      const failed = await closeAll(stores, query, done.changes);
      if (failed) closing.failed = failed;
      return done;
    });
  } catch (error) {
    // What is unavailable may have committed it.
    if (!(error instanceof Unavailable)) {
      await forgetAll(
        stores,
        closing.of.map((change) => ({ ...change, deleted: false })),
      );
    }
    throw error;
  }
  const { result, changes } = made;
  if (changes.length === 0) return result;
  metrics.add("Invalidations", changes.length);
  // A Redis that fell silent is not asked again: the request has waited for it long enough.
  const confirmed = closing.failed === "timeout" ? [] : await forgetAll(stores, changes);
  if (confirmed.length < changes.length)
    metrics.add("InvalidationsPending", changes.length - confirmed.length);
  if (confirmed.length > 0) await removeAtOnce(stores).remove(confirmed);
  return result;
}

/** @returns how Redis failed, if it did: what was not closed by then stays open */
async function closeAll(
  { cache }: Stores,
  query: Query,
  changes: readonly PendingInvalidation[],
): Promise<RedisFailureReason | undefined> {
  const start = performance.now();
  let lastStatement = start;
  for (const { slice, lists } of slicesOf(changes)) {
    const { result } = await cache.closeMany(slice, lists);
    if (result !== "closed") return result;
    const at = performance.now();
    if (at - start > MAX_CLOSING_MS) return "timeout";
    if (at - lastStatement < MAX_IDLE_MS) continue;
    await query("SELECT 1", []);
    lastStatement = performance.now();
  }
  return undefined;
}

/** @returns the IDs of those that Redis confirmed before it failed, if it did */
async function forgetAll({ cache, now }: Stores, changes: readonly PendingInvalidation[]): Promise<number[]> {
  const confirmed: number[] = [];
  for (const { slice, lists } of slicesOf(changes)) {
    if (!(await cache.forgetMany(slice, lists, now()))) break;
    for (const { id } of slice) confirmed.push(id);
  }
  return confirmed;
}

/** The list goes with the first slice, and bears the first change's mark. */
function* slicesOf(
  changes: readonly PendingInvalidation[],
): Generator<{ slice: PendingInvalidation[]; lists: ClosedList[] }> {
  for (let start = 0; start < changes.length; start += SLICE) {
    const slice = changes.slice(start, start + SLICE);
    const first = start === 0 ? slice.slice(0, 1) : [];
    const lists = first.map(({ tenantId, mark }) => ({ tenantId, marks: [mark] }));
    yield { slice, lists };
  }
}
