/**
 * A scan as the redirect captures it from the request. Device, OS and browser are derived later, so that the redirect
 * does not wait for it. Holds no IP address.
 */
export interface CapturedScan {
  /** UUIDv7: the scan's identity, wherever and however often it is delivered. */
  eventId: string;
  qrId: string;
  /** Unix ms. */
  occurredAt: number;
  bot: boolean;
  /** ISO 3166-1 alpha-2, where a CDN reported it. */
  country: string | null;
  /** Only for the relay, which replaces it by device, OS and browser. */
  userAgent: string;
  referrerHost: string | null;
  /** Pseudonym of the visitor, good for one UTC day. */
  visitor: string;
  /** Only of a scan that is sampled for tracing. */
  traceparent?: string | undefined;
}

/** A captured scan that was resolved: its link named the tenant and the target. It waits so in the outbox. */
export interface ResolvedScan extends CapturedScan {
  tenantId: string;
  targetUrl: string;
}
