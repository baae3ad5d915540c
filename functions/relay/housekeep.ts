import { Unavailable } from "../../core/errors.ts";
import { purgeIdempotencyKeys } from "../../data/postgres/idempotency-keys.ts";
import { maintainPartitions } from "../../data/postgres/partitions.ts";
import type { Services } from "../runtime/services.ts";

/** What has to be done now and then: make next month's partitions, drop what is too old. */
export async function housekeep({ db, log, now }: Services, retentionMonths: number): Promise<void> {
  try {
    await maintainPartitions(db, now(), retentionMonths);
    await purgeIdempotencyKeys(db);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    log.warn("housekeeping is put off");
  }
}
