import type { Stores } from "../stores.ts";
import { asResult } from "./as-result.ts";
import { CACHED_KEYS, CacheKeys } from "./keys.ts";
import { listOf } from "./port.ts";

/**
 * Forgets all that is cached when Redis is a server that was not there before: it has been restarted, or a replica took
 * over. Either may lack the last invalidations that the old one confirmed, or many of them if it was restored from a
 * snapshot, and would show old values for as long as they live. Counters and events stay.
 *
 * A server is told by the run ID of https://redis.io/docs/latest/commands/info/; one that has none is taken to keep what
 * it confirms. All that were met are remembered, since several may answer in turn behind one address.
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
    // A Redis that knows of no server at all is new or was emptied.
    if (known.length > 0) {
      let forgotten = 0;
      for (const pattern of CACHED_KEYS) {
        const deleted = await cache.deleteCache(pattern);
        // Not remembered: what is left is forgotten the next time.
        if (deleted === undefined) return;
        forgotten += deleted;
      }
      log.info("redis is another server than before; what it had cached is forgotten", { forgotten });
    }
    await redis.command("HSET", CacheKeys.runs, runId, String(now()));
  });
}
