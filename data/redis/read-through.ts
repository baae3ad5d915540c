import type { Metrics } from "../../core/telemetry/metrics.ts";
import type { RedisFailureReason } from "./port.ts";

/**
 * What became of a value that was read from the database after a miss:
 * `filled` – it is in the cache.
 * `refused` – it may have changed while it was read: the key was closed, or the fence moved or is gone.
 * `failed` – Redis gave no usable reply, to the look-up or to the fill. The breaker counts and logs the failure.
 */
export type FillResult = "filled" | "refused" | "failed";

/** What a look-up hands on when it finds nothing: the token of the fence that it opened. */
export interface Miss {
  result: "miss";
  fence: string;
}

/** What a look-up may return: a hit, a miss with its fence, or how Redis failed. */
type LookUp = { result: "hit" } | Miss | { result: RedisFailureReason };

type HitOf<L extends LookUp> = Extract<L, { result: "hit" }>;
type MissOf<L extends LookUp> = Extract<L, { result: "miss" }>;

/** A read that the cache answered, or the database. */
export type ThroughRead<L extends LookUp, Value, Fill> =
  | { from: "cache"; hit: HitOf<L> }
  | {
      from: "database";
      value: Value;
      /** The miss, unless the look-up failed. */
      miss: MissOf<L> | undefined;
      fill: Fill | { result: "failed"; outcome?: undefined };
    };

/**
 * Reads through the cache, in this order:
 *
 * 1. `lookUp` asks Redis. On a miss it also opens the fence: from then on a change refuses the fill.
 * 2. `load` reads the database, after the fence is open.
 * 3. `fill` stores what was loaded, if the fence still holds the token of the miss. Skipped if the look-up failed.
 *
 * Redis never fails a read: only an error of `load` is thrown.
 */
export async function readThrough<L extends LookUp, Value, Fill extends { result: FillResult }>(
  metrics: Metrics,
  steps: {
    lookUp(): Promise<L>;
    load(): Promise<Value>;
    fill(value: Value, miss: MissOf<L>): Promise<Fill>;
  },
): Promise<ThroughRead<L, Value, Fill>> {
  const found = await steps.lookUp();
  metrics.add(found.result === "hit" ? "CacheHit" : "CacheMiss");
  if (isHit(found)) return { from: "cache", hit: found };
  const value = await steps.load();
  if (!isMiss(found)) return { from: "database", value, miss: undefined, fill: { result: "failed" } };
  const fill = await steps.fill(value, found);
  if (fill.result === "refused") metrics.add("FillRefused");
  return { from: "database", value, miss: found, fill };
}

const isHit = <L extends LookUp>(found: L): found is HitOf<L> => found.result === "hit";
const isMiss = <L extends LookUp>(found: L): found is MissOf<L> => found.result === "miss";
