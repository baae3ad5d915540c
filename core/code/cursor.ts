import { QR_ID } from "../ids.ts";

/** A place between two codes of a list, newest first. */
export interface ListPosition {
  /** ISO 8601, milliseconds. */
  createdAt: string;
  qrId: string;
}

/** `2030-01-31T12:00:00.000Z qr_…`, in base64url: opaque to callers, checked when it comes back. */
export function encodeCursor({ createdAt, qrId }: ListPosition): string {
  return Buffer.from(`${createdAt} ${qrId}`).toString("base64url");
}

/** The position that a cursor names, or `undefined` if it is not one that `encodeCursor` made. */
export function decodeCursor(cursor: string): ListPosition | undefined {
  const [createdAt = "", qrId = ""] = Buffer.from(cursor, "base64url").toString().split(" ");
  const made = encodeCursor({ createdAt, qrId });
  const date = new Date(createdAt);
  if (made !== cursor || !QR_ID.test(qrId) || Number.isNaN(date.getTime())) return undefined;
  // Postgres knows no year 0, and writes a fifth digit and a sign in another way.
  const known = /^(?!0000)\d{4}-/.test(createdAt) && date.toISOString() === createdAt;
  return known ? { createdAt, qrId } : undefined;
}
