/** A place between two scans, oldest first. */
export interface ScanPosition {
  /** ISO 8601, milliseconds. */
  occurredAt: string;
  eventId: string;
}

const INSTANT = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const EVENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** In base64url: opaque to callers, checked when it comes back. */
export function encodeScanCursor({ occurredAt, eventId }: ScanPosition): string {
  return Buffer.from(`${occurredAt} ${eventId}`).toString("base64url");
}

/** The position that a cursor names, or `undefined` if it is not one that `encodeScanCursor` made. */
export function decodeScanCursor(cursor: string): ScanPosition | undefined {
  const [occurredAt = "", eventId = ""] = Buffer.from(cursor, "base64url").toString().split(" ");
  const date = new Date(occurredAt);
  const known =
    INSTANT.test(occurredAt) &&
    EVENT_ID.test(eventId) &&
    !Number.isNaN(date.getTime()) &&
    date.toISOString() === occurredAt;
  return known && encodeScanCursor({ occurredAt, eventId }) === cursor ? { occurredAt, eventId } : undefined;
}
