import * as z from "zod";
import { QR_ID, TENANT_ID } from "../ids.ts";

/** What every event says, whatever its type. */
const envelope = {
  eventId: z.uuid(),
  version: z.literal(1),
  /** ISO 8601 UTC, milliseconds. */
  occurredAt: z.iso.datetime({ precision: 3 }),
  tenantId: z.string().regex(TENANT_ID),
  qrId: z.string().regex(QR_ID),
};

/** What Postgres takes as text. */
const text = z
  .string()
  .max(2_048)
  .refine((value) => !value.includes("\0") && value.isWellFormed());

const scanned = z.strictObject({
  ...envelope,
  type: z.literal("qr.scanned"),
  targetUrl: text,
  bot: z.boolean(),
  country: text.length(2).nullable(),
  device: text,
  os: text,
  browser: text,
  referrerHost: text.nullable(),
  visitor: text,
});

const state = { targetUrl: text, status: z.enum(["active", "paused"]) };
const created = z.strictObject({ ...envelope, type: z.literal("qr.created"), ...state });
const updated = z.strictObject({ ...envelope, type: z.literal("qr.updated"), ...state });
const deleted = z.strictObject({ ...envelope, type: z.literal("qr.deleted") });

/** The events on the topic, version 1 of each type. A change of a type's fields is a new version beside the old. */
export const eventSchema = z.discriminatedUnion("type", [scanned, created, updated, deleted]);

export type QrEvent = z.output<typeof eventSchema>;
export type ScannedEvent = z.output<typeof scanned>;

/**
 * Reads an event from the text of a record.
 *
 * @throws Error saying in one line what is wrong with it, without quoting it
 */
export function parseEvent(record: string): QrEvent {
  let value: unknown;
  try {
    value = JSON.parse(record);
  } catch {
    throw new Error("the record is not JSON");
  }
  const parsed = eventSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`the record breaks its schema at ${issue?.path.join(".") || "the root"}: ${issue?.code}`);
}
