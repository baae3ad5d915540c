import type { Db } from "./postgres/db.ts";
import { readStream, removeFromStream, streamLength } from "./redis/outbox-stream.ts";
import type { RedisPort } from "./redis/port.ts";

/** Events moved per step. */
const STEP = 1_000;

/**
 * Moves the oldest events of the stream to Postgres until at most `keep` are left, so that an outage of Kafka fills
 * a disk rather than Redis. Each step inserts before it deletes: a crash in between leaves an event in both places,
 * where its ID makes it one.
 *
 * @returns how many were moved
 */
export async function spill(redis: RedisPort, db: Db, keep: number): Promise<number> {
  let moved = 0;
  for (;;) {
    const excess = (await streamLength(redis)) - keep;
    if (excess <= 0) return moved;
    const { scans } = await readStream(redis, db, Math.min(excess, STEP));
    const rows = scans.map(({ event, scan: { eventId, qrId, occurredAt, ...details } }) => ({
      eventId,
      occurredAt: event.occurredAt,
      tenantId: event.tenantId,
      qrId,
      payload: { ...details, targetUrl: event.targetUrl },
    }));
    await db.write(INSERT, [JSON.stringify(rows)]);
    await removeFromStream(
      redis,
      scans.map(({ streamId }) => streamId),
    );
    moved += scans.length;
  }
}

const INSERT = `
INSERT INTO event_outbox (event_id, type, occurred_at, tenant_id, qr_id, payload)
SELECT "eventId", 'qr.scanned', "occurredAt", "tenantId", "qrId", payload
FROM jsonb_to_recordset($1::jsonb)
  AS row("eventId" uuid, "occurredAt" timestamptz, "tenantId" text, "qrId" text, payload jsonb)
ON CONFLICT (event_id) DO NOTHING`;
