import { isDeepStrictEqual } from "node:util";
import type { FetchedKeys } from "../../core/auth/issuer-keys.ts";
import { mergeKeys } from "./merge-keys.ts";

/** The copy, wherever it is kept. */
export interface KeysCopy {
  /** `undefined` if there is none yet. */
  read(): Promise<unknown>;
  write(jwks: unknown): Promise<void>;
}

/**
 * One run: brings the copy of the issuer's keys up to date.
 *
 * @returns how many keys the copy holds, and whether it was written
 */
export function createHandler(
  fetchKeys: () => Promise<FetchedKeys>,
  copy: KeysCopy,
  now: () => number = Date.now,
) {
  return async (): Promise<{ keys: number; written: boolean }> => {
    const [{ jwks }, copied] = await Promise.all([fetchKeys(), copy.read()]);
    const merged = mergeKeys(jwks, copied, now());
    const written = !isDeepStrictEqual(merged, copied);
    if (written) await copy.write(merged);
    return { keys: merged.keys.length, written };
  };
}
