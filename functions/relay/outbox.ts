import { failing } from "../shared/cache/helpers.ts";
import type { RedisPort } from "../shared/cache/port.ts";
import { Unavailable } from "../shared/domain/errors.ts";
import type { Db, Row } from "../shared/store/db.ts";
import { type CapturedRow, eventOfRow } from "./captured-events.ts";
import { type Head, mergeHeads, type OutboxEntry } from "./outbox-entry.ts";
import { oldestInStream, readStream, removeFromStream, streamLength } from "./stream.ts";

const NOTHING: Head = { entries: [], more: false };

/** How much waits, and for how long the oldest has. */
export interface OutboxState {
  depth: number;
  /** Milliseconds; 0 if nothing waits. */
  oldestAgeMs: number;
}

/** Captured events that are not yet published: the Redis stream, and the table for those it could not take. */
export interface Outbox {
  /** At most `limit` events per place, oldest first. A place that does not answer is left for the next time. */
  next(limit: number): Promise<OutboxEntry[]>;
  /** Deletes what was published. */
  remove(entries: OutboxEntry[]): Promise<void>;
  state(now: number): Promise<OutboxState>;
}

export function openOutbox(redis: RedisPort, db: Db): Outbox {
  return {
    async next(limit) {
      const [stream, table] = await Promise.all([streamHead(redis, db, limit), tableHead(db, limit)]);
      return mergeHeads(stream, table);
    },

    async remove(entries) {
      const eventIds = entries.filter(({ streamId }) => streamId === null).map(({ event }) => event.eventId);
      await removeFromStream(
        redis,
        entries.flatMap(({ streamId }) => streamId ?? []),
      );
      if (eventIds.length > 0)
        await db.write("DELETE FROM event_outbox WHERE event_id = ANY ($1)", [eventIds]);
    },

    async state(now) {
      const [table] = await db.read<Row & { depth: number; oldest: Date | null }>(
        "SELECT count(*) AS depth, min(occurred_at) AS oldest FROM event_outbox",
        [],
      );
      const oldest = Math.min((await oldestInStream(redis)) ?? now, table?.oldest?.getTime() ?? now);
      return {
        depth: (await streamLength(redis)) + (table?.depth ?? 0),
        oldestAgeMs: Math.max(0, now - oldest),
      };
    },
  };
}

async function streamHead(redis: RedisPort, db: Db, limit: number): Promise<Head> {
  const scans = await failing(() => readStream(redis, db, limit));
  if (!Array.isArray(scans)) return NOTHING;
  return { entries: scans.map(({ event, streamId }) => ({ event, streamId })), more: scans.length === limit };
}

async function tableHead(db: Db, limit: number): Promise<Head> {
  try {
    const rows = await db.read<Row & CapturedRow>(
      `SELECT event_id, type, occurred_at, tenant_id, qr_id, payload FROM event_outbox
       ORDER BY event_id LIMIT $1`,
      [limit],
    );
    return {
      entries: rows.map((row) => ({ event: eventOfRow(row), streamId: null })),
      more: rows.length === limit,
    };
  } catch (error) {
    if (error instanceof Unavailable) return NOTHING;
    throw error;
  }
}
