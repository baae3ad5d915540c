import { utcDate } from "../../core/utc-date.ts";
import { readHistory, type ScanHistory } from "../../data/postgres/scan-history.ts";
import { readCode } from "../../data/read-code.ts";
import type { Services } from "../runtime/services.ts";
import type { StatsQuery } from "./schema.ts";

export interface ScanStats extends ScanHistory {
  qrId: string;
  scans: number;
  /** Scans on `date`. */
  today: number;
  /** The current UTC day, `YYYY-MM-DD`, whatever the time zone: its counter is the live one. */
  date: string;
  /** The time zone of the days and hours. */
  tz: string;
  /** Where `scans` and `today` come from: the live counters, or what is persisted if Redis failed. */
  source: "redis" | "postgres";
}

/**
 * A code's scan figures: live counters, and the persisted history of the last `days` days, today included.
 *
 * @throws NotFound if the tenant has no such code
 */
export async function scanStats(
  services: Services,
  tenantId: string,
  qrId: string,
  { days, tz }: StatsQuery,
): Promise<ScanStats> {
  const now = services.now();
  // One clock for all figures: midnight may pass while they are read.
  const { counts, source } = await readCode({ ...services, now: () => now }, tenantId, qrId);
  const { persisted: _, ...history } = await readHistory(services.db, { qrId }, { now, days, tz });
  return { qrId, scans: counts.scans, today: counts.today, date: utcDate(now), tz, ...history, source };
}
