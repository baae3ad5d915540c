import { Unavailable } from "../shared/domain/errors.ts";
import type { Services } from "../shared/services.ts";
import { purgeIdempotencyKeys } from "../shared/store/idempotency.ts";
import { maintainPartitions } from "../shared/store/partitions.ts";

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
