import { Unavailable } from "../../core/errors.ts";
import { purgeIdempotencyKeys } from "../../data/postgres/idempotency-keys.ts";
import { normalizeTexts } from "../../data/postgres/normalize-texts.ts";
import { maintainPartitions } from "../../data/postgres/partitions.ts";
import type { Services } from "../runtime/services.ts";

/** At most 4,000 codes a run: about 1 s, and the relay replays their invalidations within seconds. */
const TEXT_BATCHES = 20;

/** What has to be done now and then: make next month's partitions, drop what is too old, bring old texts into form. */
export async function housekeep({ db, log, now }: Services, retentionMonths: number): Promise<void> {
  try {
    await maintainPartitions(db, now(), retentionMonths);
    await purgeIdempotencyKeys(db);
    await normalizeTexts(db, TEXT_BATCHES);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    log.warn("housekeeping is put off");
  }
}
