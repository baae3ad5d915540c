import { Unavailable } from "../core/errors.ts";
import {
  findPendingInvalidations,
  type PendingInvalidation,
  removePendingInvalidations,
} from "./postgres/pending-invalidations.ts";
import type { Stores } from "./stores.ts";

/** More than these come from one import, or from a Redis that was away long: then they go in slices of one command. */
const MAX_SINGLE = 100;

/** Codes of one command, which Redis works at for some 3 ms. */
const SLICE = 250;

/**
 * Retries unconfirmed invalidations: one as a probe, since Redis may still be down, then the rest. Those that stay
 * unconfirmed are retried by a later call.
 *
 * @returns how many were confirmed
 */
export async function replayInvalidations({ db, cache, now }: Stores): Promise<number> {
  const replay = async (change: PendingInvalidation) =>
    (await cache.forget(change, now())) ? [change.id] : [];
  const replaySlice = async (changes: PendingInvalidation[]) =>
    (await cache.forgetMany(changes, listsOf(changes), now())) ? changes.map(({ id }) => id) : [];
  try {
    const [first, ...others] = await findPendingInvalidations(db);
    const confirmed = first ? await replay(first) : [];
    if (confirmed.length === 0) return 0;
    if (others.length <= MAX_SINGLE) confirmed.push(...(await Promise.all(others.map(replay))).flat());
    else {
      for (let start = 0; start < others.length; start += SLICE)
        confirmed.push(...(await replaySlice(others.slice(start, start + SLICE))));
    }
    await removePendingInvalidations(db, confirmed);
    return confirmed.length;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return 0;
  }
}

/** The lists that show the codes. Any of the changes may have closed its tenant's. */
function listsOf(changes: readonly PendingInvalidation[]) {
  return [...Map.groupBy(changes, ({ tenantId }) => tenantId)].map(([tenantId, ofTenant]) => ({
    tenantId,
    marks: ofTenant.map(({ mark }) => mark),
  }));
}
