import * as z from "zod";
import type { CapturedScan } from "../scan/captured-scan.ts";
import { deviceOf } from "../scan/device.ts";
import { siteOf } from "../scan/referrer-site.ts";
import { TRACEPARENT } from "../telemetry/traces.ts";
import { eventSchema, type QrEvent } from "./schema.ts";
import type { WaitingEvent } from "./waiting-event.ts";

const capturedScan = z.object({
  eventId: z.uuid(),
  qrId: z.string(),
  occurredAt: z.int(),
  bot: z.boolean(),
  country: z.string().nullable(),
  userAgent: z.string(),
  referrerHost: z.string().nullable(),
  visitor: z.string(),
  // A scan is worth more than its trace.
  traceparent: z.string().regex(TRACEPARENT).optional().catch(undefined),
}) satisfies z.ZodType<CapturedScan>;

/** Reads a scan from the text that the redirect captured. @throws Error if it is no captured scan */
export function parseCapturedScan(text: string): CapturedScan {
  return capturedScan.parse(JSON.parse(text));
}

/**
 * The event that is published. The raw user agent of a scan ends here.
 *
 * @throws Error if it breaks the event's schema
 */
export function publishedEvent(event: WaitingEvent): QrEvent {
  const { eventId, tenantId, qrId, type, occurredAt, payload, actor } = event;
  return eventSchema.parse({
    eventId,
    tenantId,
    qrId,
    type,
    version: actor && type !== "qr.restored" ? 2 : 1,
    occurredAt: occurredAt.toISOString(),
    ...(actor ? { actor } : {}),
    ...(type === "qr.scanned" ? named(payload as unknown as Raw) : payload),
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
