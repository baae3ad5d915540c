import { DAY_MS, utcDate } from "../../core/utc-date.ts";
import type { Db, Row } from "./db.ts";

/** SQL: the persisted scans of each row of `codes`, a table or query with a `qr_id`. */
export const persistedScans = (codes: string) =>
  `coalesce((SELECT t.scans FROM scan_totals t WHERE t.qr_id = ${codes}.qr_id), 0)`;

/** SQL: likewise those of one UTC day. */
export const persistedScansOn = (codes: string, day: string) =>
  `coalesce((SELECT d.scans FROM scan_days d WHERE d.qr_id = ${codes}.qr_id AND d.day = ${day}), 0)`;

/**
 * The parts of the statement that persists a batch which keep the roll-ups. They read its `fresh` scans, the `people`
 * among them, and who was `first_seen`; `totals` and `days` return the figures that they changed.
 */
export const ROLL_UP = `totals AS (
  INSERT INTO scan_totals AS t (qr_id, scans, bots, last_scanned_at)
  SELECT qr_id, count(*) FILTER (WHERE NOT bot), count(*) FILTER (WHERE bot), max(occurred_at) FILTER (WHERE NOT bot)
  FROM fresh GROUP BY qr_id ORDER BY qr_id
  ON CONFLICT (qr_id) DO UPDATE SET scans = t.scans + excluded.scans, bots = t.bots + excluded.bots,
    last_scanned_at = greatest(t.last_scanned_at, excluded.last_scanned_at)
  RETURNING qr_id, scans
), days AS (
  INSERT INTO scan_days AS d (qr_id, day, scans, bots, unique_visitors)
  SELECT qr_id, day, count(*) FILTER (WHERE NOT bot), count(*) FILTER (WHERE bot),
    (SELECT count(*) FROM first_seen s WHERE s.qr_id = fresh.qr_id AND s.day = fresh.day)
  FROM fresh GROUP BY qr_id, day ORDER BY qr_id, day
  ON CONFLICT (qr_id, day) DO UPDATE SET scans = d.scans + excluded.scans, bots = d.bots + excluded.bots,
    unique_visitors = d.unique_visitors + excluded.unique_visitors
  RETURNING qr_id, day, scans
), dimensions AS (
  INSERT INTO scan_dimensions AS c (qr_id, day, dimension, value, scans)
  SELECT qr_id, day, dimension, value, count(*)
  FROM people, LATERAL (VALUES ('country', country), ('device', device), ('os', os), ('browser', browser),
    ('referrer', referrer_host)) AS named(dimension, value)
  WHERE value IS NOT NULL
  GROUP BY qr_id, day, dimension, value ORDER BY 1, 2, 3, 4
  ON CONFLICT (qr_id, day, dimension, value) DO UPDATE SET scans = c.scans + excluded.scans
)`;

/**
 * SQL, after `ROLL_UP`: the total and the day's figure of every code and day that `touched` names, changed or not.
 */
export const TOUCHED_COUNTS = `SELECT qr_id, NULL::date AS day, scans FROM totals
  UNION ALL
  SELECT qr_id, day, scans FROM days
  UNION ALL
  SELECT qr_id, NULL, scans FROM scan_totals
  WHERE qr_id IN (SELECT qr_id FROM touched EXCEPT SELECT qr_id FROM totals)
  UNION ALL
  SELECT qr_id, day, scans FROM scan_days
  WHERE (qr_id, day) IN (SELECT qr_id, day FROM touched EXCEPT SELECT qr_id, day FROM days)`;

/** How often a value was seen. */
export interface ValueCount {
  value: string;
  scans: number;
}

/** The persisted history of a code. Except for `lastScannedAt`, it covers the days that were asked for. */
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

/** Values of a dimension in a reply: made-up referrers must not make it endless. */
const MAX_VALUES = 20;

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
    ) ranked WHERE place <= ${MAX_VALUES}) AS dimensions`;

/** @param now Unix ms; the history ends with its UTC day */
export async function readHistory(db: Db, qrId: string, now: number, days: number): Promise<ScanHistory> {
  const dates = Array.from({ length: days }, (_, index) => utcDate(now - (days - 1 - index) * DAY_MS));
  const [row] = await db.read<HistoryRow>(HISTORY, [qrId, dates.at(0), dates.at(-1)]);
  const found = new Map((row?.days ?? []).map((day) => [day.date, day]));
  const scanned = [...found.values()];
  const values = (dimension: string): ValueCount[] =>
    (row?.dimensions ?? [])
      .filter((entry) => entry.dimension === dimension)
      .map(({ value, scans }) => ({ value, scans }));
  return {
    bots: scanned.reduce((sum, { bots }) => sum + bots, 0),
    uniqueVisitors: scanned.reduce((sum, { unique }) => sum + unique, 0),
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
