import { monitorEventLoopDelay } from "node:perf_hooks";

/** Milliseconds between two samples. A histogram of Node's counts them as delay. */
const RESOLUTION_MS = 10;

const NS_PER_MS = 1e6;

export interface EventLoopDelay {
  /** How late callbacks run: the 99th percentile since the start or the last `reset`, in milliseconds. */
  p99Ms(): number;
  reset(): void;
  stop(): void;
}

/**
 * Measures how long whatever is due waits for its turn. A delay near a deadline means that the process is too busy, or
 * has too little of a processor, to judge the server behind it. It costs a timer; only for a process that runs on,
 * since a sandbox that is frozen counts that time, too.
 */
export function watchEventLoop(): EventLoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return {
    p99Ms: () =>
      histogram.count === 0 ? 0 : Math.max(0, histogram.percentile(99) / NS_PER_MS - RESOLUTION_MS),
    reset: () => histogram.reset(),
    stop: () => histogram.disable(),
  };
}
