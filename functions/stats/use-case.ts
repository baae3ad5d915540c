import { utcDate } from "../../core/utc-date.ts";
import { readHistory, type ScanHistory } from "../../data/postgres/scan-rollups.ts";
import { readCode } from "../../data/read-code.ts";
import type { Services } from "../runtime/services.ts";

export interface ScanStats extends ScanHistory {
  qrId: string;
  scans: number;
  /** Scans on `date`. */
  today: number;
  /** The current UTC day, `YYYY-MM-DD`. */
  date: string;
  /** Where `scans` and `today` come from: the live counters, or what is persisted if Redis failed. */
  source: "redis" | "postgres";
}

/**
 * A code's scan figures: live counters, and the persisted history of the last `days` UTC days, today included.
 *
 * @throws NotFound if the tenant has no such code
 */
export async function scanStats(
  services: Services,
  tenantId: string,
  qrId: string,
  days: number,
): Promise<ScanStats> {
  const now = services.now();
  // One clock for all figures: midnight may pass while they are read.
  const { counts, source } = await readCode({ ...services, now: () => now }, tenantId, qrId);
  const history = await readHistory(services.db, qrId, now, days);
  return { qrId, scans: counts.scans, today: counts.today, date: utcDate(now), ...history, source };
}
