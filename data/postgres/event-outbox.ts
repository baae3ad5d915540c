import { type WaitingEvent, waitingScan } from "../../core/events/waiting-event.ts";
import type { ResolvedScan } from "../../core/scan/captured-scan.ts";
import type { Db, Row } from "./db.ts";
import { type DeadLetter, insertDeadLetters } from "./dead-letters.ts";

/**
 * Stores scans that the stream can't take or keep. A scan that is here, or comes twice (Redis may have taken it before
 * its reply got lost), stays one event, since its event ID is the same.
 *
 * @throws Unavailable if the database does not answer
 */
export async function insertScans(db: Db, scans: ResolvedScan[]): Promise<void> {
  await db.write(INSERT, [JSON.stringify(scans.map(waitingScan))]);
}

const INSERT = `
INSERT INTO event_outbox (event_id, type, occurred_at, tenant_id, qr_id, payload, traceparent)
SELECT "eventId", type, "occurredAt", "tenantId", "qrId", payload, traceparent
FROM jsonb_to_recordset($1::jsonb)
  AS row("eventId" uuid, type text, "occurredAt" timestamptz, "tenantId" text, "qrId" text, payload jsonb,
    traceparent text)
ON CONFLICT (event_id) DO NOTHING`;

/**
 * A statement that stores the events of changed codes, to be part of the change's.
 *
 * @param changed the rows of `qr_codes` that changed
 * @param parts the parameters of event ID, time and actor (JSON); `payload` is SQL over such a row
 */
export function insertChangeEvent(
  changed: string,
  type: string,
  { eventId, occurredAt, actor, payload }: Record<"eventId" | "occurredAt" | "actor" | "payload", string>,
): string {
  return `INSERT INTO event_outbox (event_id, type, occurred_at, tenant_id, qr_id, actor, payload)
    SELECT ${eventId}::uuid, '${type}', ${occurredAt}::timestamptz, tenant_id, qr_id, ${actor}::jsonb, ${payload}
    FROM ${changed}`;
}

/** The oldest `limit` events. @throws Unavailable if the database does not answer */
export async function oldestEvents(db: Db, limit: number): Promise<WaitingEvent[]> {
  return db.read<Row & WaitingEvent>(
    `SELECT event_id AS "eventId", type, occurred_at AS "occurredAt", tenant_id AS "tenantId", qr_id AS "qrId", payload,
       traceparent, actor
     FROM event_outbox ORDER BY event_id LIMIT $1`,
    [limit],
  );
}

export async function deleteEvents(db: Db, eventIds: string[]): Promise<void> {
  if (eventIds.length > 0) await db.write("DELETE FROM event_outbox WHERE event_id = ANY ($1)", [eventIds]);
}

/** Moves what is no event to the dead letters, so that it neither blocks the outbox nor is lost. */
export async function buryEvent(db: Db, event: WaitingEvent): Promise<void> {
  const {
    eventId: event_id,
    occurredAt: occurred_at,
    tenantId: tenant_id,
    qrId: qr_id,
    type,
    payload,
  } = event;
  const row = { event_id, type, occurred_at, tenant_id, qr_id, payload };
  const letter: DeadLetter = {
    topic: "event_outbox",
    partition: 0,
    offset: event_id,
    reason: "the outbox row is no event",
    key: null,
    value: Buffer.from(JSON.stringify(row)).toString("base64"),
  };
  await db.write(
    `WITH broken AS (DELETE FROM event_outbox WHERE event_id = $1 RETURNING event_id)
     ${insertDeadLetters("$2", "EXISTS (SELECT FROM broken)")}`,
    [event_id, JSON.stringify([letter])],
  );
}

/** How many events wait, and when the oldest happened, Unix ms. @throws Unavailable if the database does not answer */
export async function waitingInTable(db: Db): Promise<{ depth: number; oldest: number | undefined }> {
  const [row] = await db.read<Row & { depth: number; oldest: Date | null }>(
    "SELECT count(*) AS depth, min(occurred_at) AS oldest FROM event_outbox",
    [],
  );
  return { depth: row?.depth ?? 0, oldest: row?.oldest?.getTime() };
}
