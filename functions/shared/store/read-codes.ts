import type { Link, LinkSource } from "../domain/link.ts";
import { linkOf } from "../domain/link.ts";
import type { CodeCounts, StoredCode } from "../domain/qr-code.ts";
import { CODE_COLUMNS, type CodeRow, codeOf } from "./code-row.ts";
import type { Db, Row } from "./db.ts";

/** So many codes are looked through, in the order of the list, before a filter asks its own index. */
const NEXT_CODES = 2_000;

/** A place between two codes of a list, newest first. */
export interface ListPosition {
  /** ISO 8601, milliseconds. */
  createdAt: string;
  qrId: string;
}

export interface ListFilter {
  /** At most this many codes. */
  limit: number;
  /** Only codes that stand behind this one. */
  after?: ListPosition | undefined;
  /** Part of the name, the target or the ID, in any case. */
  search?: string | undefined;
  tag?: string | undefined;
  status?: string | undefined;
}

/** A code with the scans that are persisted: what the live counters must not be below. */
export interface FoundCode {
  code: StoredCode;
  counts: CodeCounts;
}

/**
 * Finds a tenant's code; `undefined` if it has none of that ID, whoever else may.
 *
 * @param date the UTC day whose scans are asked for, `YYYY-MM-DD`
 */
export async function findCode(
  db: Db,
  tenantId: string,
  qrId: string,
  date: string,
): Promise<FoundCode | undefined> {
  const [row] = await db.read<CodeRow & CodeCounts>(
    `SELECT ${CODE_COLUMNS}, ${DURABLE_SCANS} AS scans,
       coalesce((SELECT d.scans FROM scan_days d WHERE d.qr_id = qr_codes.qr_id AND d.day = $3), 0) AS today
     FROM qr_codes WHERE qr_id = $1 AND tenant_id = $2 AND deleted_at IS NULL`,
    [qrId, tenantId, date],
  );
  return row && { code: codeOf(row), counts: { scans: row.scans, today: row.today } };
}

/** A code of a list with its persisted scans. */
export interface ListedCode {
  code: StoredCode;
  scans: number;
}

/** A tenant's codes, newest first, by keyset: the cost of a page does not grow with what lies before it. */
export async function listCodes(db: Db, tenantId: string, filter: ListFilter): Promise<ListedCode[]> {
  const { sql, values } = listQuery(tenantId, filter);
  const rows = await db.read<CodeRow & { scans: number }>(sql, values);
  return rows.map((row) => ({ code: codeOf(row), scans: row.scans }));
}

/** Evaluated for the rows that are returned, not for those that are looked at. */
const DURABLE_SCANS = "coalesce((SELECT t.scans FROM scan_totals t WHERE t.qr_id = qr_codes.qr_id), 0)";

/**
 * The one statement of `listCodes`, apart so that its plan can be looked at.
 *
 * Tags and texts have no index in the order of the list. If they are common, a page of them stands among the next
 * codes; if they are rare, the index finds all of them, and few have to be sorted. Which of the two it is turns out
 * as the query runs: it looks among the next codes, and asks the index only if they don't fill the page.
 */
export function listQuery(tenantId: string, filter: ListFilter): { sql: string; values: unknown[] } {
  const values: unknown[] = [tenantId];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const { after, search, tag, status } = filter;
  const codes = ["tenant_id = $1", "deleted_at IS NULL"];
  if (status !== undefined) codes.push(`live_status = ${bind(status)}`);
  if (after) codes.push(`(created_at, qr_id) < (${bind(after.createdAt)}, ${bind(after.qrId)})`);
  const matches: string[] = [];
  if (tag !== undefined) matches.push(`tags @> ARRAY[${bind(tag)}]`);
  if (search !== undefined) matches.push(`search ILIKE ${bind(`%${search.replace(/[\\%_]/g, "\\$&")}%`)}`);
  const limit = bind(filter.limit);

  const from = (conditions: string[]) => `FROM qr_codes WHERE ${conditions.join(" AND ")}`;
  const newestFirst = "ORDER BY created_at DESC, qr_id DESC";
  const page = `${newestFirst} LIMIT ${limit}`;
  const columns = `${CODE_COLUMNS}, ${DURABLE_SCANS} AS scans`;
  if (matches.length === 0) return { sql: `SELECT ${columns} ${from(codes)} ${page}`, values };
  // OFFSET 0 keeps the planner from reading the matches in the order of the list, which means reading all codes.
  const sql = `WITH near AS MATERIALIZED (
      SELECT ${CODE_COLUMNS}
      FROM (SELECT * ${from(codes)} ${newestFirst} LIMIT ${NEXT_CODES}) AS next_codes
      WHERE ${matches.join(" AND ")} ${page}),
    enough AS MATERIALIZED (SELECT count(*) >= ${limit} AS found FROM near),
    far AS (
      SELECT ${CODE_COLUMNS}
      FROM (SELECT * ${from([...codes, ...matches])} OFFSET 0) AS all_matches
      WHERE NOT (SELECT found FROM enough) ${page})
    SELECT ${columns}
    FROM (SELECT * FROM near WHERE (SELECT found FROM enough) UNION ALL SELECT * FROM far) AS qr_codes ${page}`;
  return { sql, values };
}

interface LinkRow extends Row {
  tenant_id: string;
  target_url: string;
  status: LinkSource["status"];
  starts_at: Date | null;
  expires_at: Date | null;
  max_scans: number | null;
  fallback_url: string | null;
  deleted_at: Date | null;
  scans: number;
}

/** A link, and the scans that are persisted of it. */
export interface FoundLink {
  link: Link;
  scans: number;
}

/** What a scan needs to know of a code; `null` for an ID that was never issued. */
export async function findLink(db: Db, qrId: string): Promise<FoundLink | null> {
  const [row] = await db.read<LinkRow>(
    `SELECT tenant_id, target_url, status, starts_at, expires_at, max_scans, fallback_url, deleted_at,
       ${DURABLE_SCANS} AS scans
     FROM qr_codes WHERE qr_id = $1`,
    [qrId],
  );
  if (!row) return null;
  const link = linkOf({
    tenantId: row.tenant_id,
    targetUrl: row.target_url,
    status: row.status,
    startsAt: row.starts_at,
    expiresAt: row.expires_at,
    maxScans: row.max_scans,
    fallbackUrl: row.fallback_url,
    deletedAt: row.deleted_at,
  });
  // Whoever fills the link raises the counter to this figure, and a counter of a deleted code would stay for ever.
  return { link, scans: row.deleted_at === null ? row.scans : 0 };
}
