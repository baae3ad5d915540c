import { localDate, offsetSpans } from "../../core/time-zone.ts";
import { DAY_MS, utcDate } from "../../core/utc-date.ts";
import type { Db, Row } from "./db.ts";
import { prepared } from "./prepared.ts";

/** How often a value was seen. */
export interface ValueCount {
  value: string;
  scans: number;
}

/** The persisted history of a code, or of many. Except for `lastScannedAt`, it covers the days that were asked for. */
export interface ScanHistory {
  bots: number;
  /** The sum over the days: a visitor can't be recognised on another day. */
  uniqueVisitors: number;
  /** ISO 8601 UTC. */
  lastScannedAt: string | null;
  /** Every day, oldest first; one without scans is there with zeros. Visitors are those of the UTC day of that date. */
  daily: { date: string; scans: number; unique: number }[];
  /** Every hour that clocks show, 0 to 23, over all these days. */
  hourly: { hour: number; scans: number }[];
  countries: ValueCount[];
  devices: ValueCount[];
  browsers: ValueCount[];
  referrers: ValueCount[];
}

/** Days up to today, in a time zone. */
export interface Period {
  /** Unix ms. */
  now: number;
  /** How many, today included. */
  days: number;
  /** As `isTimeZone` takes it. */
  tz: string;
}

/** The dates of a period, `YYYY-MM-DD`, oldest first. */
export function datesOf({ now, days, tz }: Period): string[] {
  const today = Date.parse(localDate(tz, now));
  return Array.from({ length: days }, (_, index) => utcDate(today - (days - 1 - index) * DAY_MS));
}

/** Where the figures stand, by what `$1` names. `$2` and `$3` are the first and the last date. */
interface Source {
  totals: string;
  days: string;
  dimensions: string;
  quarters: string;
}

const OF_CODE: Source = {
  totals: "FROM scan_totals WHERE qr_id = $1",
  days: "FROM scan_days WHERE qr_id = $1",
  dimensions: "FROM scan_dimensions WHERE qr_id = $1",
  quarters: "JOIN scan_quarters q ON q.qr_id = $1",
};

const OF_CODES: Source = {
  totals: "FROM scan_totals WHERE qr_id = ANY ($1::text[])",
  days: "FROM scan_days WHERE qr_id = ANY ($1::text[])",
  dimensions: "FROM scan_dimensions WHERE qr_id = ANY ($1::text[])",
  quarters: "JOIN scan_quarters q ON q.qr_id = ANY ($1::text[])",
};

const OF_TENANT: Source = {
  totals: "FROM tenant_totals WHERE tenant_id = $1",
  days: "FROM tenant_days WHERE tenant_id = $1",
  dimensions: "FROM tenant_dimensions WHERE tenant_id = $1",
  quarters: "JOIN tenant_quarters q ON q.tenant_id = $1",
};

/** Values of a dimension in a reply: made-up referrers must not make it endless. */
const MAX_VALUES = 20;

/**
 * One statement over the roll-ups: its cost grows with the days asked for, not with the scans. `$4` to `$6` are the spans
 * of `offsetSpans`, whose quarters of an hour lie in the days asked for, `$7` the current UTC day. What all spans lie
 * between is said once more: by that, a plan for any values still reads no other days.
 */
const historyQuery = ({ totals, days, dimensions, quarters }: Source) => `
WITH quarters AS MATERIALIZED (
  SELECT (q.quarter AT TIME ZONE 'UTC') + span.ahead * interval '1 minute' AS local, q.scans, q.bots
  FROM unnest($4::timestamptz[], $5::timestamptz[], $6::integer[]) AS span(starts, ends, ahead)
  ${quarters} AND q.quarter >= span.starts AND q.quarter < span.ends
  WHERE q.quarter >= ($4::timestamptz[])[1] AND q.quarter < ($5::timestamptz[])[cardinality($5::timestamptz[])]
)
SELECT t.scans, t.last_scanned_at,
  coalesce((SELECT sum(scans) ${days} AND day = $7), 0) AS today,
  (SELECT jsonb_agg(d) FROM (
    SELECT to_char(day, 'YYYY-MM-DD') AS date, sum(scans) AS scans, sum(bots) AS bots, sum(unique_visitors) AS unique
    ${days} AND day BETWEEN $2 AND $3 GROUP BY day) AS d) AS days,
  (SELECT jsonb_agg(d) FROM (
    SELECT to_char(local, 'YYYY-MM-DD') AS date, sum(scans) AS scans, sum(bots) AS bots
    FROM quarters GROUP BY 1) AS d) AS local_days,
  (SELECT jsonb_agg(h) FROM (
    SELECT extract(hour FROM local) AS hour, sum(scans) AS scans FROM quarters GROUP BY 1) AS h) AS hours,
  (SELECT jsonb_agg(jsonb_build_object('dimension', dimension, 'value', value, 'scans', scans)
      ORDER BY scans DESC, value)
    FROM (
      SELECT dimension, value, sum(scans) AS scans,
        row_number() OVER (PARTITION BY dimension ORDER BY sum(scans) DESC, value) AS place
      ${dimensions} AND day BETWEEN $2 AND $3 AND dimension IN ('country', 'device', 'browser', 'referrer')
      GROUP BY dimension, value
    ) ranked WHERE place <= ${MAX_VALUES}) AS dimensions
FROM (SELECT coalesce(sum(scans), 0) AS scans, max(last_scanned_at) AS last_scanned_at ${totals}) AS t`;

/** Of a code, to plan it takes three times as long as to run it. */
const QUERIES = {
  code: prepared(historyQuery(OF_CODE)),
  codes: historyQuery(OF_CODES),
  tenant: historyQuery(OF_TENANT),
};

/** Whose figures are asked for. */
export type Scanned = { qrId: string } | { qrIds: string[] } | { tenantId: string };

interface DayRow {
  date: string;
  scans: number;
  bots: number;
}

interface HistoryRow extends Row {
  scans: number;
  today: number;
  last_scanned_at: Date | null;
  days: (DayRow & { unique: number })[] | null;
  local_days: DayRow[] | null;
  hours: { hour: number; scans: number }[] | null;
  dimensions: { dimension: string; value: string; scans: number }[] | null;
}

/** The statement of `readHistory`, apart so that its plan can be looked at. */
export function historyStatement(of: Scanned, period: Period): { sql: string; values: unknown[] } {
  const dates = datesOf(period);
  const [first = "", last = ""] = [dates.at(0), dates.at(-1)];
  const spans = offsetSpans(period.tz, first, last);
  const spanValues = [
    spans.map(({ from }) => new Date(from).toISOString()),
    spans.map(({ to }) => new Date(to).toISOString()),
    spans.map(({ offsetMinutes }) => offsetMinutes),
  ];
  const dated = [first, last, ...spanValues, utcDate(period.now)];
  if ("qrId" in of) return { sql: QUERIES.code, values: [of.qrId, ...dated] };
  if ("qrIds" in of) return { sql: QUERIES.codes, values: [of.qrIds, ...dated] };
  return { sql: QUERIES.tenant, values: [of.tenantId, ...dated] };
}

/** What is persisted: ever, and on the current UTC day. */
export interface PersistedCounts {
  scans: number;
  today: number;
}

/**
 * Reads the persisted history. Days of UTC come from figures that are kept for good; those of another zone, and all
 * hours, are made of quarters of an hour, which are kept as long as single scans.
 *
 * @param limitMs bound on the statement; without it the pool's own holds
 * @throws StatementTooLong if it took longer than `limitMs`
 */
export async function readHistory(
  db: Db,
  of: Scanned,
  period: Period,
  limitMs?: number,
): Promise<ScanHistory & { persisted: PersistedCounts }> {
  const { sql, values } = historyStatement(of, period);
  const [row] =
    limitMs === undefined
      ? await db.read<HistoryRow>(sql, values)
      : await db.readWithin<HistoryRow>(limitMs, sql, values);
  const byUtcDay = new Map((row?.days ?? []).map((day) => [day.date, day]));
  const byDay: Map<string, DayRow> =
    period.tz === "UTC" ? byUtcDay : new Map((row?.local_days ?? []).map((day) => [day.date, day]));
  const byHour = new Map((row?.hours ?? []).map(({ hour, scans }) => [Number(hour), scans]));
  const valuesOf = (dimension: string): ValueCount[] =>
    (row?.dimensions ?? [])
      .filter((entry) => entry.dimension === dimension)
      .map(({ value, scans }) => ({ value, scans }));
  return {
    persisted: { scans: Number(row?.scans ?? 0), today: Number(row?.today ?? 0) },
    bots: [...byDay.values()].reduce((sum, { bots }) => sum + bots, 0),
    uniqueVisitors: [...byUtcDay.values()].reduce((sum, { unique }) => sum + unique, 0),
    lastScannedAt: row?.last_scanned_at?.toISOString() ?? null,
    daily: datesOf(period).map((date) => ({
      date,
      scans: byDay.get(date)?.scans ?? 0,
      unique: byUtcDay.get(date)?.unique ?? 0,
    })),
    hourly: Array.from({ length: 24 }, (_, hour) => ({ hour, scans: byHour.get(hour) ?? 0 })),
    countries: valuesOf("country"),
    devices: valuesOf("device"),
    browsers: valuesOf("browser"),
    referrers: valuesOf("referrer"),
  };
}
