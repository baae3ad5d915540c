import { performance } from "node:perf_hooks";

/**
 * What a process has to do. `active`: it answers without a pause, as for one client that asks again and again; `busy`: more
 * comes than it can answer at once, as from many clients.
 */
export type Load = "calm" | "active" | "busy";

/** Between looks, in milliseconds: short beside a burst. */
const LOOK_MS = 50;

/** Parts of the time that the event loop works. The gaps keep the answer from flickering. */
const BUSY_FROM = 0.85;
const BUSY_UNTIL = 0.7;
const ACTIVE_FROM = 0.3;
const ACTIVE_UNTIL = 0.2;

/**
 * @param before what the last look said
 * @param utilization part of the time since then in which the event loop has worked, 0 to 1
 */
export function nextLoad(before: Load, utilization: number): Load {
  if (utilization >= (before === "busy" ? BUSY_UNTIL : BUSY_FROM)) return "busy";
  return utilization >= (before === "calm" ? ACTIVE_FROM : ACTIVE_UNTIL) ? "active" : "calm";
}

/**
 * Watches how much this process has to do; at first it is calm.
 *
 * @param onChange told when that changes
 * @returns how to stop
 */
export function watchLoad(onChange: (load: Load) => void): () => void {
  let load: Load = "calm";
  let last = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const next = nextLoad(load, performance.eventLoopUtilization(now, last).utilization);
    last = now;
    if (next === load) return;
    load = next;
    onChange(load);
  }, LOOK_MS).unref();
  return () => clearInterval(timer);
}
