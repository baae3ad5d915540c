import type { Db } from "./postgres/db.ts";
import { insertScans } from "./postgres/event-outbox.ts";
import { removeFromStream, streamLength } from "./redis/outbox-stream.ts";
import type { RedisPort } from "./redis/port.ts";
import { scansInStream } from "./stream-scans.ts";

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
    const { scans } = await scansInStream(redis, db, Math.min(excess, STEP));
    await insertScans(
      db,
      scans.map(({ scan }) => scan),
    );
    await removeFromStream(
      redis,
      scans.map(({ streamId }) => streamId),
    );
    moved += scans.length;
  }
}
