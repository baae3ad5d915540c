import type { ScannedEvent } from "../../core/events/schema.ts";
import type { Db, Row } from "./db.ts";
import { type DeadLetter, insertDeadLetters } from "./dead-letters.ts";
import { persistedScans, persistedScansOn, ROLL_UP, TOUCHED_COUNTS } from "./scan-rollups.ts";

/** A durable figure of a code that exists: its total (`day` null), or that of one UTC day (`YYYY-MM-DD`). */
export interface DurableCount {
  qrId: string;
  day: string | null;
  scans: number;
}

/** The tables whose rows are dropped by the month. */
export const MONTHLY_TABLES = ["scan_events", "scan_visitors"];

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
), ${ROLL_UP}, dead AS (
  ${insertDeadLetters("$2")}
), touched AS (
  SELECT DISTINCT "qrId" AS qr_id, ("occurredAt" AT TIME ZONE 'UTC')::date AS day FROM incoming
), counts AS (
  ${TOUCHED_COUNTS}
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
  dead: DeadLetter[],
): Promise<{ fresh: number; counts: DurableCount[] }> {
  const rows = scans.map(({ type: _type, version: _version, ...row }) => row);
  // Repeating it changes nothing, so that it may be tried again on a broken connection.
  const [result] = await db.read<Row & { fresh: number; counts: DurableCount[] }>(PERSIST, [
    JSON.stringify(rows),
    JSON.stringify(dead),
  ]);
  return result ?? { fresh: 0, counts: [] };
}

const DURABLE = `SELECT qr_id AS "qrId", ${persistedScans("qr_codes")} AS scans,
    ${persistedScansOn("qr_codes", "$2")} AS today
  FROM qr_codes WHERE qr_id = ANY ($1) AND deleted_at IS NULL`;

/**
 * The figures of those codes that exist: their totals, and those of one day.
 *
 * @param day UTC, `YYYY-MM-DD`
 */
export async function durableCounts(db: Db, qrIds: readonly string[], day: string): Promise<DurableCount[]> {
  const rows = await db.read<Row & { qrId: string; scans: number; today: number }>(DURABLE, [qrIds, day]);
  return rows.flatMap(({ qrId, scans, today }) => [
    { qrId, day: null, scans },
    { qrId, day, scans: today },
  ]);
}
