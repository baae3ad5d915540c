import { Unavailable } from "../../core/errors.ts";
import { readStreamEntry, type StreamedScan } from "../../core/events/captured-events.ts";
import type { Db } from "../postgres/db.ts";
import { CacheKeys } from "./keys.ts";
import type { RedisPort } from "./port.ts";

type StreamReply = [id: string, fields: string[]][];

/** The scans among the oldest `count` entries of the stream, and whether entries may lie behind these. */
export interface StreamHead {
  scans: StreamedScan[];
  more: boolean;
}

/** Reads the head of the stream. An entry that is no scan is moved to the dead letters, now or when the database is back. */
export async function readStream(redis: RedisPort, db: Db, count: number): Promise<StreamHead> {
  const reply = await redis.command("XRANGE", CacheKeys.outbox, "-", "+", "COUNT", String(count));
  const entries = reply as StreamReply;
  const scans: StreamedScan[] = [];
  for (const [streamId, fields] of entries) {
    try {
      scans.push(readStreamEntry(streamId, fields));
    } catch {
      if (await bury(db, streamId, fields.join(" "))) await removeFromStream(redis, [streamId]);
    }
  }
  return { scans, more: entries.length === count };
}

export async function removeFromStream(redis: RedisPort, streamIds: string[]): Promise<void> {
  if (streamIds.length > 0) await redis.command("XDEL", CacheKeys.outbox, ...streamIds);
}

export async function streamLength(redis: RedisPort): Promise<number> {
  return Number(await redis.command("XLEN", CacheKeys.outbox));
}

/** When the oldest entry was captured, Unix ms; `undefined` if the stream is empty. */
export async function oldestInStream(redis: RedisPort): Promise<number | undefined> {
  const reply = await redis.command("XRANGE", CacheKeys.outbox, "-", "+", "COUNT", "1");
  const [first] = reply as StreamReply;
  // A stream ID starts with the time at which the entry was added.
  return first && Number(first[0].split("-")[0]);
}

/** Keeps what is no event, so that it neither blocks the outbox nor is lost. Returns whether the database took it. */
async function bury(db: Db, streamId: string, text: string): Promise<boolean> {
  try {
    await db.write(
      `INSERT INTO dead_letters (topic, partition, "offset", reason, value) VALUES ($1, 0, $2, $3, $4)
       ON CONFLICT DO NOTHING`,
      [
        CacheKeys.outbox,
        streamId,
        "the outbox entry is no captured scan",
        Buffer.from(text).toString("base64"),
      ],
    );
    return true;
  } catch (error) {
    if (error instanceof Unavailable) return false;
    throw error;
  }
}
