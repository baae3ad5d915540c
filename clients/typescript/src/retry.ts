/** Replies after which the same request may succeed: none of them says that it was carried out. */
const TRANSIENT = [408, 429, 502, 503, 504];

const FIRST_WAIT_MS = 250;

/** A service that asks for more is left to the caller. */
const MAX_WAIT_MS = 30_000;

export interface RetryOptions {
  /** Further attempts after the first one. */
  retries: number;
  sleep: (ms: number) => Promise<void>;
  /** Whether an attempt that got no reply is made again; all are unless given. */
  retriesError?: (error: unknown) => boolean;
  /** Called before each wait, with its length in milliseconds and what it is for: a status, or an error. */
  onWait?: (ms: number, reason: number | Error) => void;
}

/**
 * Sends until a reply is not transient. Waits as long as `Retry-After` says, and without it a random time below a bound
 * that doubles with each attempt.
 *
 * @param send one attempt; it is given the number of attempts before it
 * @throws whatever the last attempt threw
 */
export async function withRetries(
  { retries, sleep, retriesError = () => true, onWait }: RetryOptions,
  send: (attempt: number) => Promise<Response>,
): Promise<Response> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await send(attempt).catch((error: unknown) => ({ error }));
    const wait = waitAfter(outcome, attempt);
    const isFinal = "error" in outcome && !retriesError(outcome.error);
    if (attempt >= retries || wait === undefined || isFinal) {
      if ("error" in outcome) throw outcome.error;
      return outcome;
    }
    if (outcome instanceof Response) await outcome.body?.cancel();
    onWait?.(wait, outcome instanceof Response ? outcome.status : (outcome.error as Error));
    await sleep(wait);
  }
}

/** Milliseconds to wait before the next attempt; `undefined` if there is to be none. */
function waitAfter(outcome: Response | { error: unknown }, attempt: number): number | undefined {
  if (outcome instanceof Response) {
    if (!TRANSIENT.includes(outcome.status)) return undefined;
    const asked = retryAfterMs(outcome.headers.get("retry-after"), Date.now());
    if (asked !== undefined) return asked <= MAX_WAIT_MS ? asked : undefined;
  }
  return Math.random() * Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
}

/** `Retry-After` holds seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
export function retryAfterMs(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
