import { Unavailable } from "../core/errors.ts";
import { type CapturedRow, eventOfRow } from "../core/events/captured-events.ts";
import { type Head, mergeHeads, type OutboxEntry } from "./outbox-entry.ts";
import type { Db, Row } from "./postgres/db.ts";
import { failing } from "./redis/cache-helpers.ts";
import { oldestInStream, readStream, removeFromStream, streamLength } from "./redis/outbox-stream.ts";
import type { RedisPort } from "./redis/port.ts";

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
  /** What is known of it: a place that does not answer counts as empty. */
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
      const [stream, table] = await Promise.all([streamState(redis), tableState(db)]);
      const oldest = Math.min(stream.oldest ?? now, table.oldest ?? now);
      return { depth: stream.depth + table.depth, oldestAgeMs: Math.max(0, now - oldest) };
    },
  };
}

async function streamHead(redis: RedisPort, db: Db, limit: number): Promise<Head> {
  const head = await failing(() => readStream(redis, db, limit));
  if ("result" in head) return NOTHING;
  return { entries: head.scans.map(({ event, streamId }) => ({ event, streamId })), more: head.more };
}

async function tableHead(db: Db, limit: number): Promise<Head> {
  return unlessUnavailable(NOTHING, async () => {
    const rows = await db.read<Row & CapturedRow>(
      `SELECT event_id, type, occurred_at, tenant_id, qr_id, payload FROM event_outbox
       ORDER BY event_id LIMIT $1`,
      [limit],
    );
    const entries: OutboxEntry[] = [];
    for (const row of rows) {
      try {
        entries.push({ event: eventOfRow(row), streamId: null });
      } catch {
        await buryRow(db, row);
      }
    }
    return { entries, more: rows.length === limit };
  });
}

/** Keeps what is no event, so that it neither blocks the outbox nor is lost. */
async function buryRow(db: Db, row: CapturedRow): Promise<void> {
  await db.write(
    `WITH broken AS (DELETE FROM event_outbox WHERE event_id = $1 RETURNING event_id)
     INSERT INTO dead_letters (topic, partition, "offset", reason, value)
     SELECT 'event_outbox', 0, event_id, $2, $3 FROM broken ON CONFLICT DO NOTHING`,
    [row.event_id, "the outbox row is no event", Buffer.from(JSON.stringify(row)).toString("base64")],
  );
}

/** Unix ms of the oldest; none if nothing waits. */
interface PlaceState {
  depth: number;
  oldest?: number | undefined;
}

const UNKNOWN: PlaceState = { depth: 0 };

async function streamState(redis: RedisPort): Promise<PlaceState> {
  const state = await failing(async () => ({
    depth: await streamLength(redis),
    oldest: await oldestInStream(redis),
  }));
  return "result" in state ? UNKNOWN : state;
}

async function tableState(db: Db): Promise<PlaceState> {
  return unlessUnavailable(UNKNOWN, async () => {
    const [row] = await db.read<Row & { depth: number; oldest: Date | null }>(
      "SELECT count(*) AS depth, min(occurred_at) AS oldest FROM event_outbox",
      [],
    );
    return { depth: row?.depth ?? 0, oldest: row?.oldest?.getTime() };
  });
}

async function unlessUnavailable<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unavailable) return otherwise;
    throw error;
  }
}
