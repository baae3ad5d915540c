/** SQL: the persisted scans of each row of `codes`, a table or query with a `qr_id`. */
export const persistedScans = (codes: string) =>
  `coalesce((SELECT t.scans FROM scan_totals t WHERE t.qr_id = ${codes}.qr_id), 0)`;

/** SQL: likewise those of one UTC day. */
export const persistedScansOn = (codes: string, day: string) =>
  `coalesce((SELECT d.scans FROM scan_days d WHERE d.qr_id = ${codes}.qr_id AND d.day = ${day}), 0)`;

/**
 * The parts of the statement that persists a batch which keep the roll-ups by code and day. They read its `fresh` scans,
 * the `people` among them, and who was `first_seen`; `totals` and `days` return the figures that they changed. The
 * roll-ups by tenant and by quarter of an hour follow from a trigger (migrations/0008_figures.sql).
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
