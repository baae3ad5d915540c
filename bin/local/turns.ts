import { Busy } from "../../core/errors.ts";

/** Requests that may wait to begin. The last of them waits for half a second where each costs half a millisecond. */
const MAX_WAITING = 1_024;

/**
 * So many short ones begin together. They take less time than one request with a body, and their commands reach Redis in one
 * write, as those of scans do: a write may wake the server up, which takes longer than the rest of their beginning.
 */
const SHORT_TOGETHER = 8;

/**
 * Resolves when the caller may begin.
 *
 * @param isShort whether it has nothing to read but a token before it asks Redis or Postgres: some 30 µs
 * @throws Busy if too many wait already
 */
export type Turn = (isShort?: boolean) => Promise<void>;

/**
 * Lets one caller begin in each turn of the event loop, or a few that are short, in the order in which they came. Between any
 * two of these groups the loop looks at its sockets, so that a scan or a reply of Redis which comes meanwhile waits for one of
 * them at most, not for all.
 */
export function turns(maxWaiting = MAX_WAITING): Turn {
  const waiting: { isShort: boolean; begin: () => void }[] = [];

  function next(): void {
    let count = 1;
    while (count < SHORT_TOGETHER && waiting[count - 1]?.isShort && waiting[count]?.isShort) count++;
    const begun = waiting.splice(0, count);
    // What is set by an immediate runs in the next turn.
    if (waiting.length > 0) setImmediate(next);
    for (const { begin } of begun) begin();
  }

  return async (isShort = false) => {
    if (waiting.length >= maxWaiting) throw new Busy();
    return new Promise((begin) => {
      if (waiting.push({ isShort, begin }) === 1) setImmediate(next);
    });
  };
}
