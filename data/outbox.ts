import { Unavailable } from "../core/errors.ts";
import { publishedEvent } from "../core/events/published-event.ts";
import { type Head, mergeHeads, type OutboxEntry } from "./merge-heads.ts";
import type { Db } from "./postgres/db.ts";
import { buryEvent, deleteEvents, oldestEvents, waitingInTable } from "./postgres/event-outbox.ts";
import { asResult } from "./redis/as-result.ts";
import { oldestInStream, removeFromStream, streamLength } from "./redis/outbox-stream.ts";
import type { RedisPort } from "./redis/port.ts";
import { scansInStream } from "./stream-scans.ts";

const NOTHING: Head = { entries: [], more: false };

/** How much waits, and for how long the oldest has. */
export interface OutboxState {
  depth: number;
  /** Milliseconds; 0 if nothing waits. */
  oldestAgeMs: number;
}

/** Events that are not yet published: the Redis stream, and the table for those it could not take. */
export interface Outbox {
  /** At most `limit` events per place, oldest first. A place that does not answer is left for the next time. */
  next(limit: number): Promise<OutboxEntry[]>;
  /** Deletes what was published. */
  remove(entries: OutboxEntry[]): Promise<void>;
  /** Its size and age as far as known: a place that does not answer counts as empty. */
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
      await deleteEvents(db, eventIds);
    },

    async state(now) {
      const [stream, table] = await Promise.all([
        streamState(redis),
        unlessUnavailable(UNKNOWN, () => waitingInTable(db)),
      ]);
      const oldest = Math.min(stream.oldest ?? now, table.oldest ?? now);
      return { depth: stream.depth + table.depth, oldestAgeMs: Math.max(0, now - oldest) };
    },
  };
}

async function streamHead(redis: RedisPort, db: Db, limit: number): Promise<Head> {
  const head = await asResult(() => scansInStream(redis, db, limit));
  return "result" in head ? NOTHING : { entries: head.scans, more: head.more };
}

async function tableHead(db: Db, limit: number): Promise<Head> {
  return unlessUnavailable(NOTHING, async () => {
    const waiting = await oldestEvents(db, limit);
    const entries: OutboxEntry[] = [];
    for (const event of waiting) {
      try {
        entries.push({ event: publishedEvent(event), streamId: null, traceparent: event.traceparent });
      } catch {
        await buryEvent(db, event);
      }
    }
    return { entries, more: waiting.length === limit };
  });
}

/** Unix ms of the oldest; none if nothing waits. */
interface PlaceState {
  depth: number;
  oldest?: number | undefined;
}

const UNKNOWN: PlaceState = { depth: 0 };

async function streamState(redis: RedisPort): Promise<PlaceState> {
  const state = await asResult(async () => ({
    depth: await streamLength(redis),
    oldest: await oldestInStream(redis),
  }));
  return "result" in state ? UNKNOWN : state;
}

async function unlessUnavailable<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unavailable) return otherwise;
    throw error;
  }
}
