import type { Actor } from "./actor.ts";
import { decodeCursor, encodeCursor } from "./code/cursor.ts";

/** What may happen to a code. */
export const CHANGES = ["created", "updated", "deleted", "restored", "imported"] as const;

export type Change = (typeof CHANGES)[number];

/** One field of a change, both values as JSON has them; `from` is `null` where the code was made. */
export interface FieldChange {
  field: string;
  from: unknown;
  to: unknown;
}

/** One change of a code: who made it, when, and of which fields. */
export interface HistoryEntry {
  /** UUIDv7, that of the change's event. */
  id: string;
  qrId: string;
  change: Change;
  /** ISO 8601 UTC, milliseconds. */
  changedAt: string;
  /** The code's version after it. */
  version: number;
  actor: Actor;
  changes: FieldChange[];
}

/** A place between two entries, newest first. */
export type HistoryPosition = Pick<HistoryEntry, "changedAt" | "id">;

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Opaque to callers, checked when it comes back. */
export function encodeHistoryCursor({ changedAt, id }: HistoryPosition): string {
  return encodeCursor({ createdAt: changedAt, qrId: id });
}

/** The position that a cursor names, or `undefined` if it is none of a history. */
export function decodeHistoryCursor(cursor: string): HistoryPosition | undefined {
  const position = decodeCursor(cursor);
  if (!position || !UUID.test(position.qrId)) return undefined;
  return { changedAt: position.createdAt, id: position.qrId };
}
