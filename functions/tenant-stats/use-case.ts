import { TooBroad } from "../../core/errors.ts";
import { utcDate } from "../../core/utc-date.ts";
import { StatementTooLong } from "../../data/postgres/db.ts";
import { datesOf, type Period, readHistory, type ScanHistory } from "../../data/postgres/scan-history.ts";
import { type CodeFigures, codeFigures, taggedCodes } from "../../data/postgres/tenant-codes.ts";
import type { Services } from "../runtime/services.ts";
import type { TenantStatsQuery } from "./schema.ts";

export interface TenantStats extends ScanHistory, CodeFigures {
  /** Persisted scans, ever, of deleted codes too unless a tag is asked for. */
  scans: number;
  /** Persisted scans on `date`. */
  today: number;
  /** The current UTC day, `YYYY-MM-DD`. */
  date: string;
  /** The time zone of the days and hours. */
  tz: string;
}

/** Bound on each statement over the codes of a tag, in milliseconds: that of a search. */
const TAG_MS = 1_000;

/**
 * A tenant's scan figures over all its codes, from roll-ups by tenant: two statements, whose cost does not grow with the
 * codes. Those of a tag are added up from its codes, which is bounded.
 *
 * @throws TooBroad if the codes of the tag are too many, or adding up their figures takes too long
 */
export async function tenantStats(
  { db, now }: Services,
  tenantId: string,
  { days, tz, tag }: TenantStatsQuery,
): Promise<TenantStats> {
  const period: Period = { now: now(), days, tz };
  const dates = datesOf(period);
  const between = { first: dates.at(0) ?? "", last: dates.at(-1) ?? "" };
  const date = utcDate(period.now);
  if (tag === undefined) {
    const { persisted, ...history } = await readHistory(db, { tenantId }, period);
    return { ...persisted, date, tz, ...history, ...(await codeFigures(db, tenantId, between)) };
  }
  const qrIds = await taggedCodes(db, tenantId, tag);
  try {
    const { persisted, ...history } = await readHistory(db, { qrIds }, period, TAG_MS);
    return {
      ...persisted,
      date,
      tz,
      ...history,
      ...(await codeFigures(db, tenantId, between, qrIds, TAG_MS)),
    };
  } catch (error) {
    if (error instanceof StatementTooLong) throw new TooBroad({ path: "tag", cause: error });
    throw error;
  }
}
