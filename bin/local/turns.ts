import { Busy } from "../../core/errors.ts";

/** Requests that may wait to begin. The last of them waits for half a second where each costs half a millisecond. */
const MAX_WAITING = 1_024;

/** Resolves when the caller may begin. @throws Busy if too many wait already */
export type Turn = () => Promise<void>;

/**
 * Lets one caller begin in each turn of the event loop, in the order in which they came. Between any two of them the loop looks
 * at its sockets, so that a scan or a reply of Redis which comes meanwhile waits for one of them at most, not for all.
 */
export function turns(maxWaiting = MAX_WAITING): Turn {
  const waiting: (() => void)[] = [];

  function next(): void {
    const begin = waiting.shift();
    // What is set by an immediate runs in the next turn.
    if (waiting.length > 0) setImmediate(next);
    begin?.();
  }

  return async () => {
    if (waiting.length >= maxWaiting) throw new Busy();
    return new Promise((begin) => {
      if (waiting.push(begin) === 1) setImmediate(next);
    });
  };
}
