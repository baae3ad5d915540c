import { type EventLoopDelay, watchEventLoop } from "../../core/telemetry/event-loop-delay.ts";

const MINUTE_MS = 60_000;

/** The event loop's delay over this minute or the last one, whichever is worse. Older delays are dropped. */
export function recentDelay(): Omit<EventLoopDelay, "reset"> {
  const watched = watchEventLoop();
  let lastMinute = 0;
  const timer = setInterval(() => {
    lastMinute = watched.p99Ms();
    watched.reset();
  }, MINUTE_MS).unref();
  return {
    p99Ms: () => Math.max(lastMinute, watched.p99Ms()),
    stop() {
      clearInterval(timer);
      watched.stop();
    },
  };
}
