import { Unavailable } from "../shared/domain/errors.ts";
import type { Services } from "../shared/services.ts";
import {
  findPendingInvalidations,
  removePendingInvalidation,
} from "../shared/store/pending-invalidations.ts";

/**
 * Makes the cache forget what it could not be told when it changed. A few at a time: while Redis is down there may
 * be many, and each is tried again later.
 *
 * @returns how many were confirmed
 */
export async function replayInvalidations({ db, cache, now }: Services): Promise<number> {
  let confirmed = 0;
  try {
    for (const { id, ...change } of await findPendingInvalidations(db)) {
      if (!(await cache.forget(change, now()))) return confirmed;
      await removePendingInvalidation(db, id);
      confirmed += 1;
    }
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
  }
  return confirmed;
}
