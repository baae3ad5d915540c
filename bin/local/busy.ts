import { performance } from "node:perf_hooks";

/** Between looks, in milliseconds: short beside a burst. */
const LOOK_MS = 100;

/**
 * Parts of the time that the event loop works: what many clients at once make of it, and one that asks without a pause does
 * not. The gap keeps the answer from flickering.
 */
const BUSY_FROM = 0.85;
const FREE_BELOW = 0.7;

/**
 * Watches whether this process is kept busy by what it answers.
 *
 * @param onChange told when that begins and when it ends
 * @returns how to stop
 */
export function watchBusy(onChange: (busy: boolean) => void): () => void {
  let busy = false;
  let last = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    if (busy ? utilization >= FREE_BELOW : utilization < BUSY_FROM) return;
    busy = !busy;
    onChange(busy);
  }, LOOK_MS).unref();
  return () => clearInterval(timer);
}
