import { nanoid } from "nanoid";
import { asResult } from "./as-result.ts";
import { CacheKeys } from "./keys.ts";
import type { RedisPort } from "./port.ts";
import { HOLD_LEASE, RELEASE_LEASE } from "./scripts.ts";

/** Of a run: it holds the lease, another one does, or Redis did not say. */
export type LeaseState = "ours" | "another's" | "unknown";

/** The lease of the one run of the relay that works, of those that overlap. */
export interface RelayLease {
  /** Takes the lease or renews it, and asks Redis only when that is due. */
  hold(): Promise<LeaseState>;
  /** Releases the lease to the next waiting run. Without Redis it expires. */
  release(): Promise<void>;
}

/**
 * @param leaseMs how long the lease outlives its last renewal, in milliseconds
 * @param now monotonic clock, in milliseconds
 * @param holder the run's name
 */
export function relayLease(
  redis: RedisPort,
  leaseMs: number,
  now: () => number = () => performance.now(),
  holder: string = nanoid(),
): RelayLease {
  const keys = HOLD_LEASE.keys({ leaseKey: CacheKeys.relayLease });
  let state: LeaseState = "another's";
  let dueAt = 0;
  return {
    async hold() {
      if (state !== "another's" && now() < dueAt) return state;
      // From before the call: the lease lasts longer than this process takes it to.
      dueAt = now() + leaseMs / 3;
      const args = HOLD_LEASE.args({ holder, leaseMs: String(leaseMs) });
      const taken = await asResult(() => redis.script(HOLD_LEASE, keys, args));
      state = taken === 1 ? "ours" : taken === 0 ? "another's" : "unknown";
      return state;
    },

    async release() {
      if (state !== "ours") return;
      state = "another's";
      await asResult(() => redis.script(RELEASE_LEASE, keys, RELEASE_LEASE.args({ holder })));
    },
  };
}
