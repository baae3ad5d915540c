import type { CapturedScan } from "../../core/scan/captured-scan.ts";
import type { Db } from "./db.ts";

/**
 * Captures a scan while Redis can't. The same scan captured twice (Redis may have taken it before its reply got
 * lost) stays one event, since both carry the same event ID.
 */
export async function captureScan(
  db: Db,
  scan: CapturedScan,
  link: { tenantId: string; target: string },
): Promise<void> {
  const { eventId, qrId, occurredAt, ...details } = scan;
  await db.write(
    `INSERT INTO event_outbox (event_id, type, occurred_at, tenant_id, qr_id, payload)
     VALUES ($1, 'qr.scanned', $2, $3, $4, $5) ON CONFLICT (event_id) DO NOTHING`,
    [eventId, new Date(occurredAt), link.tenantId, qrId, { ...details, targetUrl: link.target }],
  );
}
