import { describeError, type Log } from "../core/telemetry/log.ts";
import type { Db } from "./postgres/db.ts";
import { removePendingInvalidations } from "./postgres/pending-invalidations.ts";

/** Deletes pending invalidations that Redis has confirmed. */
export interface ConfirmedInvalidations {
  /** Never rejects: what can't be deleted stays pending and is replayed, which does no harm. */
  remove(ids: readonly number[]): Promise<void>;
}

/** Deletes them before the change is acknowledged, as a process must that may be frozen after its reply. */
export function removeAtOnce({ db, log }: { db: Db; log: Log }): ConfirmedInvalidations {
  return {
    async remove(ids) {
      try {
        await removePendingInvalidations(db, ids);
      } catch (error) {
        log.warn("confirmed invalidations stay pending", { error: describeError(error) });
      }
    },
  };
}
