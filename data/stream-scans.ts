import { Unavailable } from "../core/errors.ts";
import { parseCapturedScan, publishedEvent } from "../core/events/published-event.ts";
import { waitingScan } from "../core/events/waiting-event.ts";
import type { ResolvedScan } from "../core/scan/captured-scan.ts";
import type { OutboxEntry } from "./merge-heads.ts";
import type { Db } from "./postgres/db.ts";
import { storeDeadLetter } from "./postgres/dead-letters.ts";
import { CacheKeys } from "./redis/keys.ts";
import { readStream, removeFromStream, type StreamEntry } from "./redis/outbox-stream.ts";
import type { RedisPort } from "./redis/port.ts";

/** A scan that waits in the stream, and the event that it becomes. */
export interface StreamedScan extends OutboxEntry {
  streamId: string;
  /** Kept so that it can be spilled to Postgres. */
  scan: ResolvedScan;
}

/**
 * The scans among the oldest `count` entries of the stream, and whether entries may lie behind these. An entry that is
 * no scan is moved to the dead letters, now or when the database is back.
 *
 * @throws RedisFailure
 */
export async function scansInStream(
  redis: RedisPort,
  db: Db,
  count: number,
): Promise<{ scans: StreamedScan[]; more: boolean }> {
  const entries = await readStream(redis, count);
  const scans: StreamedScan[] = [];
  for (const entry of entries) {
    try {
      scans.push(streamedScan(entry));
    } catch {
      if (await bury(db, entry)) await removeFromStream(redis, [entry.streamId]);
    }
  }
  return { scans, more: entries.length === count };
}

/** @throws Error if the entry is no scan that can be published */
function streamedScan({ streamId, event, tenant, target }: StreamEntry): StreamedScan {
  const scan = { ...parseCapturedScan(event), tenantId: tenant, targetUrl: target };
  return { streamId, scan, event: publishedEvent(waitingScan(scan)), traceparent: scan.traceparent };
}

/** Keeps what is no event, so that it neither blocks the outbox nor is lost. Returns whether the database took it. */
async function bury(db: Db, { streamId, fields }: StreamEntry): Promise<boolean> {
  try {
    await storeDeadLetter(db, {
      topic: CacheKeys.outbox,
      partition: 0,
      offset: streamId,
      reason: "the outbox entry is no captured scan",
      key: null,
      value: Buffer.from(fields.join(" ")).toString("base64"),
    });
    return true;
  } catch (error) {
    if (error instanceof Unavailable) return false;
    throw error;
  }
}
