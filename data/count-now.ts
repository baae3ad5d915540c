import { healed } from "./redis/heal-counters.ts";
import { CacheKeys } from "./redis/keys.ts";
import type { Stores } from "./stores.ts";

/** How often a code was scanned, by its live counter; by what is `persisted` if Redis fails. */
export async function countNow(
  { cache }: Pick<Stores, "cache">,
  qrId: string,
  persisted: number,
): Promise<number> {
  const live = await cache.getCounter(CacheKeys.scanCount(qrId));
  return live.result === "hit" ? healed(live.value, persisted) : persisted;
}
