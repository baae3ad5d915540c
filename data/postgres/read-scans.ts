import type { ScanPosition } from "../../core/scan/scan-cursor.ts";
import type { Db, Row } from "./db.ts";

/** A single scan as its tenant sees it: no address, no user agent. */
export interface KeptScan {
  eventId: string;
  /** ISO 8601 UTC. */
  occurredAt: string;
  qrId: string;
  /** Where it led. */
  targetUrl: string;
  bot: boolean;
  country: string | null;
  device: string;
  os: string;
  browser: string;
  referrerHost: string | null;
  /** A pseudonym, good for one UTC day. */
  visitor: string;
}

/** Whose scans, and which: from an instant on, before another, behind a position. */
export interface ScanFilter {
  tenantId: string;
  /** One code's alone. */
  qrId?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  after?: ScanPosition | undefined;
  limit: number;
}

interface ScanRow extends Row {
  event_id: string;
  occurred_at: Date;
  qr_id: string;
  target_url: string;
  bot: boolean;
  country: string | null;
  device: string;
  os: string;
  browser: string;
  referrer_host: string | null;
  visitor: string;
}

/** The statement of `readScans`, apart so that its plan can be looked at: a page of one index, whatever lies before it. */
export function scansStatement(filter: ScanFilter): { sql: string; values: unknown[] } {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const ofTenant = `tenant_id = ${bind(filter.tenantId)}`;
  // Of a code, IS TRUE keeps the planner from walking through the tenant's scans in search of the code's.
  const conditions =
    filter.qrId === undefined ? [ofTenant] : [`qr_id = ${bind(filter.qrId)}`, `(${ofTenant}) IS TRUE`];
  // The months before the position are not even looked at.
  const first = filter.after?.occurredAt ?? filter.from;
  if (first !== undefined) conditions.push(`occurred_at >= ${bind(first)}::timestamptz`);
  if (filter.to !== undefined) conditions.push(`occurred_at < ${bind(filter.to)}::timestamptz`);
  if (filter.after)
    conditions.push(
      `(occurred_at, event_id) > (${bind(filter.after.occurredAt)}::timestamptz, ${bind(filter.after.eventId)}::uuid)`,
    );
  const sql = `SELECT event_id, occurred_at, qr_id, target_url, bot, country, device, os, browser, referrer_host, visitor
    FROM scan_events WHERE ${conditions.join(" AND ")}
    ORDER BY occurred_at, event_id LIMIT ${bind(filter.limit)}`;
  return { sql, values };
}

/** Single scans that are kept, oldest first. */
export async function readScans(db: Db, filter: ScanFilter): Promise<KeptScan[]> {
  const { sql, values } = scansStatement(filter);
  const rows = await db.read<ScanRow>(sql, values);
  return rows.map((row) => ({
    eventId: row.event_id,
    occurredAt: row.occurred_at.toISOString(),
    qrId: row.qr_id,
    targetUrl: row.target_url,
    bot: row.bot,
    country: row.country,
    device: row.device,
    os: row.os,
    browser: row.browser,
    referrerHost: row.referrer_host,
    visitor: row.visitor,
  }));
}
