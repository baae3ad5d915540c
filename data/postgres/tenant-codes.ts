import { canonicalText } from "../../core/code/unseen.ts";
import { TooBroad } from "../../core/errors.ts";
import type { Db, Row } from "./db.ts";

/** Codes in each of the lists below. */
const MAX_LISTED = 20;

/** A code that was scanned, by its scans in the period. */
export interface TopCode {
  qrId: string;
  name: string | null;
  scans: number;
}

/** A code that nobody has ever scanned. */
export interface UnscannedCode {
  qrId: string;
  name: string | null;
  /** ISO 8601 UTC. */
  createdAt: string;
}

/** Which of a tenant's codes were scanned most, and which never. */
export interface CodeFigures {
  /** Most scans first. */
  topCodes: TopCode[];
  /** Oldest first: the longest on paper without a scan. */
  unscannedCodes: UnscannedCode[];
  /** At most `MAX_COUNTED`, which means that many or more. */
  unscannedCount: number;
}

/** To count further would cost more with more codes, and tell little. */
export const MAX_COUNTED = 1_000;

/**
 * So many codes of each day are candidates for the period's top: those by which the day is led. A code that is never
 * among them has fewer scans on each day than a hundred others.
 */
const CANDIDATES = 100;

/** The codes that lead the days, from an index that has them in order; then their true sums, each by its key. */
const TOP = `
  SELECT qr_id, sum(scans) AS sum FROM generate_series(0, $3::date - $2::date) AS since,
    LATERAL (SELECT qr_id, scans FROM code_ranks r WHERE r.tenant_id = $1 AND r.day = $2::date + since
      ORDER BY r.magnitude DESC LIMIT ${CANDIDATES}) AS leaders
  GROUP BY qr_id ORDER BY sum DESC, qr_id LIMIT ${CANDIDATES}`;

/** The same of codes that are known. */
const TOP_OF_CODES = `
  SELECT qr_id, sum(scans) AS sum FROM scan_days
  WHERE qr_id = ANY ($4::text[]) AND day BETWEEN $2 AND $3 GROUP BY qr_id ORDER BY sum DESC, qr_id LIMIT ${CANDIDATES}`;

const figuresQuery = (top: string, among: string) => `
WITH candidates AS MATERIALIZED (${top}),
top AS (
  SELECT q.qr_id AS "qrId", q.name, (SELECT sum(d.scans) FROM scan_days d
    WHERE d.qr_id = q.qr_id AND d.day BETWEEN $2 AND $3) AS scans
  FROM candidates JOIN qr_codes q USING (qr_id) WHERE q.tenant_id = $1 AND q.deleted_at IS NULL
  ORDER BY scans DESC, q.qr_id LIMIT ${MAX_LISTED}
), unscanned AS (
  SELECT u.qr_id AS "qrId", q.name, u.created_at AS at
  FROM (SELECT * FROM unscanned_codes WHERE tenant_id = $1 ${among} ORDER BY created_at, qr_id LIMIT ${MAX_LISTED}) AS u
  JOIN qr_codes q USING (qr_id)
)
SELECT (SELECT jsonb_agg(top ORDER BY scans DESC, "qrId") FROM top WHERE scans > 0) AS top,
  (SELECT jsonb_agg(jsonb_build_object('qrId', "qrId", 'name', name, 'at', extract(epoch FROM at) * 1000)
    ORDER BY at, "qrId") FROM unscanned) AS unscanned,
  (SELECT count(*) FROM (SELECT FROM unscanned_codes WHERE tenant_id = $1 ${among} LIMIT ${MAX_COUNTED}) AS counted)
    AS unscanned_count`;

const OF_TENANT = figuresQuery(TOP, "");
const OF_CODES = figuresQuery(TOP_OF_CODES, "AND qr_id = ANY ($4::text[])");

interface FiguresRow extends Row {
  top: TopCode[] | null;
  unscanned: { qrId: string; name: string | null; at: number }[] | null;
  unscanned_count: number;
}

/** The statement of `codeFigures`, apart so that its plan can be looked at. */
export function codeFiguresStatement(
  tenantId: string,
  dates: { first: string; last: string },
  qrIds?: string[],
): { sql: string; values: unknown[] } {
  const values = [tenantId, dates.first, dates.last];
  return qrIds ? { sql: OF_CODES, values: [...values, qrIds] } : { sql: OF_TENANT, values };
}

/**
 * @param dates first and last UTC day, `YYYY-MM-DD`
 * @param qrIds only among these, if given
 * @param limitMs bound on the statement; without it the pool's own holds
 * @throws StatementTooLong if it took longer than `limitMs`
 */
export async function codeFigures(
  db: Db,
  tenantId: string,
  dates: { first: string; last: string },
  qrIds?: string[],
  limitMs?: number,
): Promise<CodeFigures> {
  const { sql, values } = codeFiguresStatement(tenantId, dates, qrIds);
  const [row] =
    limitMs === undefined
      ? await db.read<FiguresRow>(sql, values)
      : await db.readWithin<FiguresRow>(limitMs, sql, values);
  return {
    topCodes: row?.top ?? [],
    unscannedCodes: (row?.unscanned ?? []).map(({ qrId, name, at }) => ({
      qrId,
      name,
      createdAt: new Date(at).toISOString(),
    })),
    unscannedCount: row?.unscanned_count ?? 0,
  };
}

/** Codes with a tag whose figures are added up at a request. */
export const MAX_TAGGED = 10_000;

/** The index knows a tag's codes exactly; OFFSET 0 keeps the planner from reading all codes in another order. */
export const TAGGED = `SELECT qr_id FROM (SELECT qr_id FROM qr_codes
    WHERE tenant_id = $1 AND deleted_at IS NULL AND tags && $2::text[] OFFSET 0) AS tagged
  LIMIT ${MAX_TAGGED + 1}`;

/** The forms in which a tag may be stored: in canonical form, or as an older version left it. */
export const tagForms = (tag: string) => [...new Set([tag, canonicalText(tag, tag.length)])];

/**
 * The IDs of a tenant's codes with this tag.
 *
 * @throws TooBroad if they are more than `MAX_TAGGED`
 */
export async function taggedCodes(db: Db, tenantId: string, tag: string): Promise<string[]> {
  const rows = await db.read<Row & { qr_id: string }>(TAGGED, [tenantId, tagForms(tag)]);
  if (rows.length > MAX_TAGGED) throw new TooBroad({ path: "tag" });
  return rows.map(({ qr_id }) => qr_id);
}
