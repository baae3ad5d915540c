import type { ScannedEvent } from "../../core/events/schema.ts";
import type { Db, Row } from "./db.ts";

/** A durable figure of a code that exists: its total (`day` null), or that of one UTC day (`YYYY-MM-DD`). */
export interface DurableCount {
  qrId: string;
  day: string | null;
  scans: number;
}

/** A record that could not be persisted. */
export interface DeadLetterRow {
  topic: string;
  partition: number;
  offset: string;
  reason: string;
  key: string | null;
  value: string | null;
}

/**
 * All of a batch in one statement, and so in one transaction. Only events that the insert returns, because they
 * were new, reach the roll-ups. The last part reports the figures of codes that were touched and still exist. Each
 * part goes by the order of its key, so that batches with the same scans wait for each other and never in a circle.
 *
 * $1 scans, $2 dead letters, each a JSON array.
 */
const PERSIST = `
WITH incoming AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS e(
    "eventId" uuid, "occurredAt" timestamptz, "tenantId" text, "qrId" text, "targetUrl" text, bot boolean,
    country text, device text, os text, browser text, "referrerHost" text, visitor text)
), fresh AS (
  INSERT INTO scan_events (event_id, occurred_at, tenant_id, qr_id, target_url, bot, country, device, os, browser,
    referrer_host, visitor)
  SELECT * FROM incoming ORDER BY "eventId"
  ON CONFLICT DO NOTHING
  RETURNING *, (occurred_at AT TIME ZONE 'UTC')::date AS day
), people AS (
  SELECT * FROM fresh WHERE NOT bot
), first_seen AS (
  INSERT INTO scan_visitors (qr_id, day, visitor)
  SELECT DISTINCT qr_id, day, visitor FROM people ORDER BY 1, 2, 3
  ON CONFLICT DO NOTHING
  RETURNING qr_id, day
), totals AS (
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
), dead AS (
  INSERT INTO dead_letters (topic, partition, "offset", reason, key, value)
  SELECT * FROM jsonb_to_recordset($2::jsonb) AS r(
    topic text, partition integer, "offset" text, reason text, key text, value text)
  ON CONFLICT DO NOTHING
), told AS (
  SELECT DISTINCT "qrId" AS qr_id, ("occurredAt" AT TIME ZONE 'UTC')::date AS day FROM incoming
), counts AS (
  SELECT qr_id, NULL::date AS day, scans FROM totals
  UNION ALL
  SELECT qr_id, day, scans FROM days
  UNION ALL
  SELECT qr_id, NULL, scans FROM scan_totals
  WHERE qr_id IN (SELECT qr_id FROM told EXCEPT SELECT qr_id FROM totals)
  UNION ALL
  SELECT qr_id, day, scans FROM scan_days
  WHERE (qr_id, day) IN (SELECT qr_id, day FROM told EXCEPT SELECT qr_id, day FROM days)
)
SELECT (SELECT count(*) FROM fresh) AS fresh,
  coalesce((SELECT jsonb_agg(jsonb_build_object('qrId', c.qr_id, 'day', to_char(c.day, 'YYYY-MM-DD'), 'scans', c.scans))
    FROM counts c JOIN qr_codes q ON q.qr_id = c.qr_id WHERE q.deleted_at IS NULL), '[]') AS counts`;

/**
 * Persists scans, each event ID once, and stores dead letters, each place of a topic once.
 *
 * @returns how many scans were new, and the figures of the codes and days in the batch
 */
export async function persistBatch(
  db: Db,
  scans: ScannedEvent[],
  dead: DeadLetterRow[],
): Promise<{ fresh: number; counts: DurableCount[] }> {
  const rows = scans.map(({ type: _type, version: _version, ...row }) => row);
  // Repeating it changes nothing, so that it may be tried again on a broken connection.
  const [result] = await db.read<Row & { fresh: number; counts: DurableCount[] }>(PERSIST, [
    JSON.stringify(rows),
    JSON.stringify(dead),
  ]);
  return result ?? { fresh: 0, counts: [] };
}
