import { utcDate } from "../shared/domain/utc-date.ts";
import { readCode } from "../shared/read-code.ts";
import type { Services } from "../shared/services.ts";

export interface ScanStats {
  qrId: string;
  scans: number;
  /** Scans on `date`. */
  today: number;
  /** The current UTC day, `YYYY-MM-DD`. */
  date: string;
  /** Where `scans` and `today` come from. */
  source: "redis" | "postgres";
}

/**
 * A code's scan figures.
 *
 * @throws NotFound if the tenant has no such code
 */
export async function scanStats(services: Services, tenantId: string, qrId: string): Promise<ScanStats> {
  const date = utcDate(services.now());
  const { counts } = await readCode(services, tenantId, qrId);
  return {
    qrId,
    scans: counts?.scans ?? 0,
    today: counts?.today ?? 0,
    date,
    source: counts ? "redis" : "postgres",
  };
}
