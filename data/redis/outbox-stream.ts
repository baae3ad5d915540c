import { CacheKeys } from "./keys.ts";
import type { RedisPort } from "./port.ts";

/*
 * The stream of captured scans. `scan-link.lua` adds to it, in the same step that counts; all other commands are here.
 */

/** An entry as it lies in the stream. */
export interface StreamEntry {
  streamId: string;
  /** The captured scan, JSON. */
  event: string;
  tenant: string;
  target: string;
  /** All that the entry holds, whatever it is. */
  fields: string[];
}

type StreamReply = [id: string, fields: string[]][];

/** The oldest `count` entries. @throws RedisFailure */
export async function readStream(redis: RedisPort, count: number): Promise<StreamEntry[]> {
  const reply = await redis.command("XRANGE", CacheKeys.outbox, "-", "+", "COUNT", String(count));
  return (reply as StreamReply).map(([streamId, fields]) => {
    const fieldOf = (name: string) => {
      const at = fields.findLastIndex((field, index) => index % 2 === 0 && field === name);
      return at < 0 ? "" : (fields[at + 1] ?? "");
    };
    return {
      streamId,
      event: fieldOf("event"),
      tenant: fieldOf("tenant"),
      target: fieldOf("target"),
      fields,
    };
  });
}

/** @throws RedisFailure */
export async function removeFromStream(redis: RedisPort, streamIds: string[]): Promise<void> {
  if (streamIds.length > 0) await redis.command("XDEL", CacheKeys.outbox, ...streamIds);
}

/** @throws RedisFailure */
export async function streamLength(redis: RedisPort): Promise<number> {
  return Number(await redis.command("XLEN", CacheKeys.outbox));
}

/** When the oldest entry was captured, Unix ms; `undefined` if the stream is empty. @throws RedisFailure */
export async function oldestInStream(redis: RedisPort): Promise<number | undefined> {
  const reply = await redis.command("XRANGE", CacheKeys.outbox, "-", "+", "COUNT", "1");
  const [first] = reply as StreamReply;
  // A stream ID starts with the time at which the entry was added.
  return first && Number(first[0].split("-")[0]);
}
