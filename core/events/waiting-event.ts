import type { Actor } from "../actor.ts";
import type { ResolvedScan } from "../scan/captured-scan.ts";

/** An event as it waits in the outbox: what is common to all types, and the rest of its type as `payload`. */
export interface WaitingEvent {
  eventId: string;
  type: string;
  occurredAt: Date;
  tenantId: string;
  qrId: string;
  payload: Record<string, unknown>;
  /** Only of a scan that is sampled for tracing. It travels beside the event, which does not hold it. */
  traceparent?: string | null | undefined;
  /** Who made a change; none of a scan, nor of a change by a version of the service that did not say so. */
  actor?: Actor | null | undefined;
}

/** A scan, as every event waits. */
export function waitingScan({
  eventId,
  qrId,
  occurredAt,
  tenantId,
  traceparent,
  ...payload
}: ResolvedScan): WaitingEvent {
  const event = { eventId, type: "qr.scanned", occurredAt: new Date(occurredAt), tenantId, qrId, payload };
  return traceparent === undefined ? event : { ...event, traceparent };
}
