/** A public key as it stands in a key set, with its other members. */
type Jwk = Record<string, unknown>;

/** A key that its issuer has withdrawn, as the copy holds it: since when, Unix ms. No reader of key sets knows the member. */
const WITHDRAWN_AT = "qr_withdrawn_at";

/** For as long as a token may live that it signed. */
export const KEPT_MS = 24 * 3_600_000;

/**
 * The key set that replaces the copy: the issuer's keys, and those that it has withdrawn while a token may still be good that
 * they signed.
 *
 * @param copied the key set that the copy holds; anything else counts as none
 * @throws Error if `current` is no key set
 */
export function mergeKeys(current: unknown, copied: unknown, now: number): { keys: Jwk[] } {
  const fresh = keysOf(current);
  if (!fresh) throw new Error("the issuer's keys are no JSON Web Key Set");
  const known = new Set(fresh.map(({ kid }) => kid));
  const withdrawn = (keysOf(copied) ?? [])
    .filter(({ kid }) => !known.has(kid))
    .map((key): Jwk => ({ ...key, [WITHDRAWN_AT]: Number(key[WITHDRAWN_AT] ?? now) }))
    .filter((key) => now - Number(key[WITHDRAWN_AT]) < KEPT_MS);
  return { keys: [...fresh, ...withdrawn] };
}

function keysOf(jwks: unknown): Jwk[] | undefined {
  const { keys } = Object(jwks) as { keys?: unknown };
  return Array.isArray(keys) ? keys.map((key) => Object(key) as Jwk) : undefined;
}
