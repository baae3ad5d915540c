import { DAY_MS, utcDate } from "../../core/utc-date.ts";
import type { Db, Row } from "./db.ts";

/** How often a value was seen. */
export interface ValueCount {
  value: string;
  scans: number;
}

/** What the persisted events tell. But for `lastScannedAt`, it is about the days that were asked for. */
export interface ScanHistory {
  bots: number;
  /** The sum over the days: a visitor can't be recognised on another day. */
  uniqueVisitors: number;
  /** ISO 8601 UTC. */
  lastScannedAt: string | null;
  /** Every day, oldest first; one without scans is there with zeros. */
  daily: { date: string; scans: number; unique: number }[];
  countries: ValueCount[];
  devices: ValueCount[];
  browsers: ValueCount[];
  referrers: ValueCount[];
}

/** Values of a dimension that are told; a made-up referrer must not make a reply endless. */
const MOST_VALUES = 20;

interface HistoryRow extends Row {
  last_scanned_at: Date | null;
  days: { date: string; scans: number; bots: number; unique: number }[] | null;
  dimensions: { dimension: string; value: string; scans: number }[] | null;
}

/** One statement over the roll-ups: its cost grows with the days asked for, not with the scans. */
const HISTORY = `
SELECT
  (SELECT last_scanned_at FROM scan_totals WHERE qr_id = $1) AS last_scanned_at,
  (SELECT jsonb_agg(jsonb_build_object('date', to_char(day, 'YYYY-MM-DD'), 'scans', scans, 'bots', bots,
      'unique', unique_visitors))
    FROM scan_days WHERE qr_id = $1 AND day BETWEEN $2 AND $3) AS days,
  (SELECT jsonb_agg(jsonb_build_object('dimension', dimension, 'value', value, 'scans', scans)
      ORDER BY scans DESC, value)
    FROM (
      SELECT dimension, value, sum(scans) AS scans,
        row_number() OVER (PARTITION BY dimension ORDER BY sum(scans) DESC, value) AS place
      FROM scan_dimensions
      WHERE qr_id = $1 AND day BETWEEN $2 AND $3 AND dimension IN ('country', 'device', 'browser', 'referrer')
      GROUP BY dimension, value
    ) ranked WHERE place <= ${MOST_VALUES}) AS dimensions`;

/** @param now Unix ms; the history ends with its UTC day */
export async function readHistory(db: Db, qrId: string, now: number, days: number): Promise<ScanHistory> {
  const dates = Array.from({ length: days }, (_, index) => utcDate(now - (days - 1 - index) * DAY_MS));
  const [row] = await db.read<HistoryRow>(HISTORY, [qrId, dates.at(0), dates.at(-1)]);
  const found = new Map((row?.days ?? []).map((day) => [day.date, day]));
  const told = [...found.values()];
  const values = (dimension: string): ValueCount[] =>
    (row?.dimensions ?? [])
      .filter((entry) => entry.dimension === dimension)
      .map(({ value, scans }) => ({ value, scans }));
  return {
    bots: told.reduce((sum, { bots }) => sum + bots, 0),
    uniqueVisitors: told.reduce((sum, { unique }) => sum + unique, 0),
    lastScannedAt: row?.last_scanned_at?.toISOString() ?? null,
    daily: dates.map((date) => ({
      date,
      scans: found.get(date)?.scans ?? 0,
      unique: found.get(date)?.unique ?? 0,
    })),
    countries: values("country"),
    devices: values("device"),
    browsers: values("browser"),
    referrers: values("referrer"),
  };
}
