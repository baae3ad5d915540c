import type { Stores } from "../stores.ts";
import { asResult } from "./as-result.ts";
import { CACHED_KEYS, CacheKeys } from "./keys.ts";
import { listOf } from "./port.ts";

/**
 * Drops everything cached when Redis is a server not seen before: it was restarted, or a replica took over. Either may
 * lack the last invalidations that the old server confirmed, or many of them if it was restored from a snapshot, and
 * would serve old values until they expire. Counters and events stay.
 *
 * A server is identified by the run ID of https://redis.io/docs/latest/commands/info/; one without a run ID is assumed
 * to keep what it confirms. Every server seen is remembered, since several may answer in turn behind one address.
 */
export async function forgetRestored({
  cache,
  redis,
  log,
  now,
}: Pick<Stores, "cache" | "redis" | "log" | "now">): Promise<void> {
  await asResult(async () => {
    const runId = /^run_id:(\w+)/m.exec(String(await redis.command("INFO", "server")))?.[1];
    if (runId === undefined) return;
    const known = listOf(await redis.command("HGETALL", CacheKeys.runs));
    if (known.includes(runId)) return;
    // A Redis that remembers no server is new or was flushed.
    if (known.length > 0) {
      let forgotten = 0;
      for (const pattern of CACHED_KEYS) {
        const deleted = await cache.deleteCache(pattern);
        // The server is not remembered yet, so the next run drops the rest.
        if (deleted === undefined) return;
        forgotten += deleted;
      }
      log.info("redis is another server than before; what it had cached is forgotten", { forgotten });
    }
    await redis.command("HSET", CacheKeys.runs, runId, String(now()));
  });
}
