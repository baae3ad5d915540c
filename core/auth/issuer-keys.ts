import { Unavailable } from "../errors.ts";
import { type KeySet, keySetOf, type VerificationKey } from "./key-set.ts";

/** Where the issuer's keys are had from. */
export interface IssuerKeys {
  /** @throws Unavailable if the issuer's keys were never had, or are too old */
  keyOf(kid: string): Promise<VerificationKey | undefined>;
}

/** A set of keys, and for how long the issuer lets it be cached, in seconds; `undefined` if it doesn't say. */
export interface FetchedKeys {
  jwks: unknown;
  maxAgeS?: number | undefined;
}

/** Bounds on how long a set is used before the issuer is asked again, in milliseconds, whatever the issuer says. */
const [MIN_AGE_MS, DEFAULT_AGE_MS, MAX_AGE_MS] = [60_000, 600_000, 3_600_000];

/** While the issuer can't be reached its last keys are used, for a day at most. */
const MAX_STALE_MS = 24 * 3_600_000;

/** The issuer is asked at most this often for an ID that its keys lack, and after an attempt that failed. */
const [UNKNOWN_MS, FAILED_MS] = [10_000, 1_000];

/**
 * Keeps an issuer's keys. They are fetched at the first token, when they are too old, and when a token names one that is
 * not among them: the issuer has rotated its keys, or somebody made the ID up.
 *
 * An old set serves while a new one is fetched, so that only the first token of a process waits.
 *
 * @param fetchKeys rejects if the issuer does not answer within its deadline
 * @param now Unix ms
 */
export function issuerKeys(fetchKeys: () => Promise<FetchedKeys>, now: () => number = Date.now): IssuerKeys {
  let keys: KeySet | undefined;
  let [fetchedAt, expiresAt, askedAt] = [0, 0, Number.NEGATIVE_INFINITY];
  let fetching: Promise<void> | undefined;
  let failure: unknown;

  async function refresh(): Promise<void> {
    askedAt = now();
    try {
      const { jwks, maxAgeS = DEFAULT_AGE_MS / 1_000 } = await fetchKeys();
      keys = keeping(keys, keySetOf(jwks));
      fetchedAt = now();
      expiresAt = fetchedAt + Math.min(Math.max(maxAgeS * 1_000, MIN_AGE_MS), MAX_AGE_MS);
      failure = undefined;
    } catch (error) {
      failure = error;
    }
  }

  function ask(): Promise<void> {
    const wait = failure === undefined ? UNKNOWN_MS : FAILED_MS;
    if (!fetching && Math.abs(now() - askedAt) < wait) return Promise.resolve();
    fetching ??= refresh().finally(() => {
      fetching = undefined;
    });
    return fetching;
  }

  return {
    async keyOf(kid) {
      if (!keys || now() - fetchedAt > MAX_STALE_MS) await ask();
      else if (now() >= expiresAt) void ask();
      if (keys && !keys.has(kid)) await ask();
      if (!keys || now() - fetchedAt > MAX_STALE_MS)
        throw new Unavailable("the issuer of tokens", { cause: failure });
      return keys.get(kid);
    },
  };
}

/** The new set, with a key that did not change as the object that it was: what it signed stays verified. */
function keeping(before: KeySet | undefined, after: KeySet): KeySet {
  return new Map(
    [...after].map(([kid, fresh]) => {
      const known = before?.get(kid);
      return [kid, known?.key.equals(fresh.key) && known.algorithm === fresh.algorithm ? known : fresh];
    }),
  );
}

/** Keys that never change. */
export function fixedKeys(jwks: unknown): IssuerKeys {
  const keys = keySetOf(jwks);
  return { keyOf: async (kid) => keys.get(kid) };
}
