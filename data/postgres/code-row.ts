import type { CodeStatus, StoredCode } from "../../core/code/qr-code.ts";
import type { Row } from "./db.ts";

/** The columns that `codeOf` reads. */
export const CODE_COLUMNS = `qr_id, tenant_id, target_url, name, tags, status, starts_at, expires_at, max_scans,
  fallback_url, created_at, updated_at`;

/** The scans that are persisted of a row of `qr_codes`: evaluated for the rows that are returned, not for those looked at. */
export const DURABLE_SCANS =
  "coalesce((SELECT t.scans FROM scan_totals t WHERE t.qr_id = qr_codes.qr_id), 0)";

export interface CodeRow extends Row {
  qr_id: string;
  tenant_id: string;
  target_url: string;
  name: string | null;
  tags: string[];
  status: CodeStatus;
  starts_at: Date | null;
  expires_at: Date | null;
  max_scans: number | null;
  fallback_url: string | null;
  created_at: Date;
  updated_at: Date;
}

export function codeOf(row: CodeRow): StoredCode {
  return {
    qrId: row.qr_id,
    tenantId: row.tenant_id,
    targetUrl: row.target_url,
    name: row.name,
    tags: row.tags,
    status: row.status,
    startsAt: row.starts_at?.toISOString() ?? null,
    expiresAt: row.expires_at?.toISOString() ?? null,
    maxScans: row.max_scans,
    fallbackUrl: row.fallback_url,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
