import { Unavailable } from "../../core/errors.ts";
import { purgeIdempotencyKeys } from "../../data/postgres/idempotency-keys.ts";
import { normalizeTexts } from "../../data/postgres/normalize-texts.ts";
import { maintainHistory, maintainPartitions } from "../../data/postgres/partitions.ts";
import { type Env, required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";

/** At most 4,000 codes a run: about 1 s, and the relay replays their invalidations within seconds. */
const TEXT_BATCHES = 20;

/** For how many whole months single scans, and the changes of codes, are kept. */
export interface KeptMonths {
  scans: number;
  history: number;
}

/** @throws EnvironmentError unless the process uses `history` */
export function keptMonths(env: Env): KeptMonths {
  return {
    scans: Number(required(env, "RETENTION_MONTHS")),
    history: Number(required(env, "HISTORY_MONTHS")),
  };
}

/** What has to be done now and then: make next month's partitions, drop what is too old, bring old texts into form. */
export async function housekeep(
  { db, log, now }: Pick<Services, "db" | "log" | "now">,
  kept: KeptMonths,
): Promise<void> {
  try {
    await maintainPartitions(db, now(), kept.scans);
    await maintainHistory(db, now(), kept.history);
    await purgeIdempotencyKeys(db);
    await normalizeTexts(db, TEXT_BATCHES);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    log.warn("housekeeping is put off");
  }
}
