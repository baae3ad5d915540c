import { asResult } from "./as-result.ts";
import type { Guard } from "./fence.ts";
import { CACHE_TTL, CacheKeys } from "./keys.ts";
import type { RedisPort } from "./port.ts";
import { RAISE_COUNTERS } from "./scripts.ts";

/** A figure that a counter must not be below. */
export interface LeastCount {
  qrId: string;
  /** `YYYY-MM-DD` (UTC), or null for the total. */
  day: string | null;
  scans: number;
  /** Deleting the code moves the fence; the counter is then left alone, since it would stay forever. */
  guard: Guard;
}

/** A counter's value, and the persisted figure that it must not be below. */
export interface Figure {
  qrId: string;
  day: string | null;
  live: number;
  persisted: number;
}

/** What a counter says once it is healed. */
export function healed(live: number, persisted: number): number {
  return Math.max(live, persisted);
}

/**
 * The figures that have a counter: totals, and those of the day that is still running.
 *
 * @param codes those whose links' fences were opened before the figures were read
 * @param guards their fences, in the same order
 * @param today UTC, `YYYY-MM-DD`
 */
export function leastCounts(
  figures: Omit<LeastCount, "guard">[],
  codes: readonly string[],
  guards: readonly Guard[],
  today: string,
): LeastCount[] {
  const guardOf = new Map(codes.map((qrId, index) => [qrId, guards[index]]));
  return figures.flatMap((figure) => {
    const guard = guardOf.get(figure.qrId);
    return guard && (figure.day === null || figure.day === today) ? [{ ...figure, guard }] : [];
  });
}

/** Raises those counters that are below their persisted figure, in at most one round trip; none if Redis fails. */
export async function healCounters(redis: RedisPort, figures: Figure[], guard: Guard): Promise<void> {
  const low = figures.filter(({ live, persisted }) => live < persisted);
  await raiseCounters(
    redis,
    low.map(({ qrId, day, persisted }) => ({ qrId, day, scans: persisted, guard })),
  );
}

/**
 * Raises counters to at least the given figures, in one round trip; none if Redis fails.
 *
 * @returns whether Redis confirmed
 */
export async function raiseCounters(redis: RedisPort, counts: LeastCount[]): Promise<boolean> {
  if (counts.length === 0) return true;
  const keys = counts.flatMap(({ qrId, day, guard }) => [
    CacheKeys.fence(guard.key),
    day === null ? CacheKeys.scanCount(qrId) : CacheKeys.dailyScanCount(qrId, day),
  ]);
  const args = counts.flatMap(({ day, scans, guard }) => [
    guard.token,
    String(scans),
    day === null ? "0" : String(CACHE_TTL.dailyCount),
  ]);
  return (await asResult(() => redis.script(RAISE_COUNTERS, keys, args))) === 1;
}
