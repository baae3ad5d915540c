import * as z from "zod";
import { QR_ID, TENANT_ID } from "../ids.ts";

/** What every event says, whatever its type. */
const envelopeOf = <V extends number>(version: V) => ({
  eventId: z.uuid().describe("UUIDv7. A record that repeats one is the same event, delivered again"),
  version: z.literal(version).describe("Version of the type"),
  occurredAt: z.iso.datetime({ precision: 3 }).describe("ISO 8601 UTC, milliseconds"),
  tenantId: z.string().regex(TENANT_ID),
  qrId: z.string().regex(QR_ID).describe("The code, and the key of the record"),
});

const envelope = envelopeOf(1);

/** What Postgres takes as text. */
const text = z
  .string()
  .max(2_048)
  .refine((value) => !value.includes("\0") && value.isWellFormed());

const scanned = z
  .strictObject({
    ...envelope,
    type: z.literal("qr.scanned"),
    targetUrl: text.describe("Where the scan was sent"),
    bot: z.boolean().describe("By a program, not a person: not in the code's counters"),
    country: text.length(2).nullable().describe("ISO 3166-1 alpha-2; null if the CDN did not tell it"),
    device: text.describe("Kind of device"),
    os: text,
    browser: text,
    referrerHost: text.nullable().describe("Site that led to the scan; null if none was named"),
    visitor: text.describe("Pseudonym of a person and device, another one on each UTC day"),
  })
  .describe("A printed code was scanned and redirected");

const state = {
  targetUrl: text.describe("Where the code leads after the change"),
  status: z.enum(["active", "paused"]).describe("Its status after the change"),
};
const created = z
  .strictObject({ ...envelope, type: z.literal("qr.created"), ...state })
  .describe("A code was created");
const updated = z
  .strictObject({ ...envelope, type: z.literal("qr.updated"), ...state })
  .describe("A code was changed");
const deleted = z
  .strictObject({ ...envelope, type: z.literal("qr.deleted") })
  .describe("A code was deleted; its ID is never issued again");

const actor = z
  .strictObject({
    type: z.enum(["user", "key"]).describe("A person with a token, or a machine with an API key"),
    id: text.describe("The token's `sub`, or the key's ID"),
    name: text.nullable().describe("What people know them by; null if nothing says it"),
  })
  .describe("Who made the change");
const byActor = { ...envelopeOf(2), actor };

const createdBy = z
  .strictObject({ ...byActor, type: z.literal("qr.created"), ...state })
  .describe("A code was created");
const updatedBy = z
  .strictObject({ ...byActor, type: z.literal("qr.updated"), ...state })
  .describe("A code was changed");
const deletedBy = z
  .strictObject({ ...byActor, type: z.literal("qr.deleted") })
  .describe("A code was deleted; its ID is never issued again, and it may be restored");
const restoredBy = z
  .strictObject({ ...envelope, actor, type: z.literal("qr.restored"), ...state })
  .describe("A deleted code is there again");

/** One schema for each version of each type. A change of a type's fields is a new version beside the old. */
export const EVENT_SCHEMAS = [
  scanned,
  ...[created, createdBy],
  ...[updated, updatedBy],
  ...[deleted, deletedBy],
  restoredBy,
] as const;

/** The events on the topic. */
export const eventSchema = z.discriminatedUnion("type", [
  scanned,
  z.discriminatedUnion("version", [created, createdBy]),
  z.discriminatedUnion("version", [updated, updatedBy]),
  z.discriminatedUnion("version", [deleted, deletedBy]),
  restoredBy,
]);

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
