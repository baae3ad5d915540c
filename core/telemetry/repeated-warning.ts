import { describeError, type Log } from "./log.ts";

const WINDOW_MS = 60_000;

/** How often each warning has come since its last line. The causes are a driver's codes and messages: few. */
const counts = new WeakMap<Log, Map<string, number>>();

/**
 * Warns of what each request meets while a server is down: at once and in full for the first time, then in one line
 * a minute for each cause, which says how often it came and has no stack.
 *
 * @param fields of the first line
 */
export function warnOncePerMinute(
  log: Log,
  message: string,
  error: unknown,
  fields: Record<string, unknown> = {},
): void {
  const seen = counts.get(log) ?? new Map<string, number>();
  counts.set(log, seen);
  const cause = rootOf(error);
  const key = `${message}: ${cause}`;
  const count = seen.get(key);
  seen.set(key, (count ?? -1) + 1);
  if (count !== undefined) return;
  log.warn(message, { ...fields, error: describeError(error) });
  countEachMinute();

  function countEachMinute(): void {
    // Nothing waits for it: neither a process that ends nor a sandbox that is frozen.
    setTimeout(() => {
      const repeated = seen.get(key) ?? 0;
      seen.delete(key);
      if (repeated === 0) return;
      log.warn(message, { cause, repeated, withinS: WINDOW_MS / 1_000 });
      seen.set(key, 0);
      countEachMinute();
    }, WINDOW_MS).unref();
  }
}

/** What is at the bottom of an error: its code, else its message. */
function rootOf(error: unknown): string {
  if (error instanceof Error && error.cause !== undefined) return rootOf(error.cause);
  const { code, message } = describeError(error);
  return String(code ?? message);
}
