import { encodeScanCursor, type ScanPosition } from "../../core/scan/scan-cursor.ts";
import { type KeptScan, readScans } from "../../data/postgres/read-scans.ts";
import type { Services } from "../runtime/services.ts";
import { type RowSource, rowsPage } from "./rows.ts";
import type { ScansQuery } from "./scans-query.ts";

const COLUMNS: (keyof KeptScan)[] = [
  ...(["eventId", "occurredAt", "qrId", "targetUrl", "bot", "country"] as const),
  ...(["device", "os", "browser", "referrerHost", "visitor"] as const),
];

/** A page of single scans, oldest first: of a code, or of all codes of a tenant. A slice is one statement. */
export async function scansPage(
  { db }: Pick<Services, "db">,
  whose: { tenantId: string; qrId?: string },
  query: ScansQuery,
): Promise<{ text: string; nextCursor: string | undefined }> {
  const source: RowSource<KeptScan, ScanPosition> = {
    columns: COLUMNS,
    read: (after, limit) => readScans(db, { ...whose, from: query.from, to: query.to, after, limit }),
    positionOf: ({ occurredAt, eventId }) => ({ occurredAt, eventId }),
  };
  const { text, next } = await rowsPage(source, query);
  return { text, nextCursor: next && encodeScanCursor(next) };
}
