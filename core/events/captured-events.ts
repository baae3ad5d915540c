import * as z from "zod";
import type { CapturedScan } from "../scan/captured-scan.ts";
import { deviceOf } from "../scan/device.ts";
import { siteOf } from "../scan/referrer-site.ts";
import { eventSchema, type QrEvent, type ScannedEvent } from "./schema.ts";

/** A scan as it waits in the stream. */
export interface StreamedScan {
  streamId: string;
  event: ScannedEvent;
  /** As it was captured, for when it has to wait elsewhere. */
  scan: CapturedScan;
}

/** A row of the table `event_outbox`. */
export interface CapturedRow {
  event_id: string;
  type: string;
  occurred_at: Date;
  tenant_id: string;
  qr_id: string;
  payload: Record<string, unknown>;
}

const capturedScan = z.object({
  eventId: z.uuid(),
  qrId: z.string(),
  occurredAt: z.int(),
  bot: z.boolean(),
  country: z.string().nullable(),
  userAgent: z.string(),
  referrerHost: z.string().nullable(),
  visitor: z.string(),
}) satisfies z.ZodType<CapturedScan>;

/**
 * Reads a stream entry, whose fields are as `scan-script.ts` writes them. The raw user agent ends here.
 *
 * @throws Error if the entry is no captured scan
 */
export function readStreamEntry(streamId: string, fields: string[]): StreamedScan {
  const entry: Record<string, string> = {};
  for (let index = 0; index + 1 < fields.length; index += 2)
    entry[fields[index] ?? ""] = fields[index + 1] ?? "";
  const scan: CapturedScan = capturedScan.parse(JSON.parse(entry.event ?? ""));
  const { eventId, qrId, occurredAt, ...details } = scan;
  const event = eventSchema.parse({
    eventId,
    type: "qr.scanned",
    version: 1,
    occurredAt: new Date(occurredAt).toISOString(),
    tenantId: entry.tenant,
    qrId,
    targetUrl: entry.target,
    ...named(details),
  });
  return { streamId, event: event as ScannedEvent, scan };
}

/** The event of a row. @throws Error if it breaks the event's schema */
export function eventOfRow(row: CapturedRow): QrEvent {
  return eventSchema.parse({
    eventId: row.event_id,
    type: row.type,
    version: 1,
    occurredAt: row.occurred_at.toISOString(),
    tenantId: row.tenant_id,
    qrId: row.qr_id,
    ...(row.type === "qr.scanned" ? named(row.payload as unknown as Raw) : row.payload),
  });
}

interface Raw {
  userAgent: string;
  referrerHost: string | null;
}

/** Puts what the figures call them in place of the raw user agent and host. */
function named<T extends Raw>({ userAgent, referrerHost, ...details }: T) {
  return {
    ...details,
    referrerHost: typeof referrerHost === "string" ? siteOf(referrerHost) : referrerHost,
    ...deviceOf(userAgent),
  };
}
