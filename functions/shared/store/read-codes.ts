import type { Link, LinkSource } from "../domain/link.ts";
import { linkOf } from "../domain/link.ts";
import type { StoredCode } from "../domain/qr-code.ts";
import { CODE_COLUMNS, type CodeRow, codeOf } from "./code-row.ts";
import type { Db, Row } from "./db.ts";

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

/** Finds a tenant's code; `undefined` if it has none of that ID, whoever else may. */
export async function findCode(db: Db, tenantId: string, qrId: string): Promise<StoredCode | undefined> {
  const [row] = await db.read<CodeRow>(
    `SELECT ${CODE_COLUMNS} FROM qr_codes WHERE qr_id = $1 AND tenant_id = $2 AND deleted_at IS NULL`,
    [qrId, tenantId],
  );
  return row && codeOf(row);
}

/** A tenant's codes, newest first, by keyset: the cost of a page does not grow with what lies before it. */
export async function listCodes(db: Db, tenantId: string, filter: ListFilter): Promise<StoredCode[]> {
  const { sql, values } = listQuery(tenantId, filter);
  return (await db.read<CodeRow>(sql, values)).map(codeOf);
}

/** The one statement of `listCodes`, apart so that its plan can be looked at. */
export function listQuery(tenantId: string, filter: ListFilter): { sql: string; values: unknown[] } {
  const values: unknown[] = [tenantId];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const where = ["tenant_id = $1", "deleted_at IS NULL"];
  const { after, search, tag, status } = filter;
  if (status !== undefined) where.push(`status = ${bind(status)}`);
  if (tag !== undefined) where.push(`tags @> ARRAY[${bind(tag)}]`);
  if (search !== undefined) where.push(`search ILIKE ${bind(`%${search.replace(/[\\%_]/g, "\\$&")}%`)}`);
  if (after) where.push(`(created_at, qr_id) < (${bind(after.createdAt)}, ${bind(after.qrId)})`);
  const sql = `SELECT ${CODE_COLUMNS} FROM qr_codes WHERE ${where.join(" AND ")}
    ORDER BY created_at DESC, qr_id DESC LIMIT ${bind(filter.limit)}`;
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
}

/** What a scan needs to know of a code; `null` for an ID that was never issued. */
export async function findLink(db: Db, qrId: string): Promise<Link | null> {
  const [row] = await db.read<LinkRow>(
    `SELECT tenant_id, target_url, status, starts_at, expires_at, max_scans, fallback_url, deleted_at
     FROM qr_codes WHERE qr_id = $1`,
    [qrId],
  );
  if (!row) return null;
  return linkOf({
    tenantId: row.tenant_id,
    targetUrl: row.target_url,
    status: row.status,
    startsAt: row.starts_at,
    expiresAt: row.expires_at,
    maxScans: row.max_scans,
    fallbackUrl: row.fallback_url,
    deletedAt: row.deleted_at,
  });
}
