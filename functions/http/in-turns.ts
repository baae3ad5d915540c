import { setImmediate as nextTurn } from "node:timers/promises";

/** So long may work hold up whatever else the process has to do, in milliseconds. */
const TURN_MS = 4;

/** Lets the process's other work run, once this has taken its time. */
export type Pause = () => Promise<void> | undefined;

export function inTurns(): Pause {
  let since = performance.now();
  return () => {
    if (performance.now() - since < TURN_MS) return undefined;
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}
