import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";

/** A public key and the one algorithm that its tokens may be signed by. */
export interface VerificationKey {
  algorithm: "RS256" | "ES256";
  key: KeyObject;
}

/** Public keys by their `kid`. */
export type KeySet = ReadonlyMap<string, VerificationKey>;

/** https://www.rfc-editor.org/rfc/rfc7518#section-3.3: RSA keys have at least 2,048 bits. */
const MIN_RSA_BITS = 2_048;

/**
 * The keys of a JSON Web Key Set that tokens may be signed by. Those for encryption, of other algorithms, or without
 * an ID are left out. https://www.rfc-editor.org/rfc/rfc7517#section-5
 *
 * @throws Error if it is no key set
 */
export function keySetOf(jwks: unknown): KeySet {
  const { keys } = Object(jwks) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error("no JSON Web Key Set");
  return new Map(keys.flatMap((jwk) => keyOf(Object(jwk)) ?? []));
}

function keyOf(jwk: JsonWebKey & Record<string, unknown>): [[string, VerificationKey]] | undefined {
  const { kid, use = "sig", kty, n, e, crv, x, y } = jwk;
  if (typeof kid !== "string" || kid === "" || use !== "sig") return undefined;
  const algorithm = kty === "RSA" ? "RS256" : kty === "EC" && crv === "P-256" ? "ES256" : undefined;
  if (!algorithm || (jwk.alg !== undefined && jwk.alg !== algorithm)) return undefined;
  const members = algorithm === "RS256" ? { kty, n, e } : { kty, crv, x, y };
  try {
    // Only the members of a public key: a set that holds private ones is not ours to use.
    const key = createPublicKey({ key: members as JsonWebKey, format: "jwk" });
    const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
    return algorithm === "RS256" && modulusLength < MIN_RSA_BITS ? undefined : [[kid, { algorithm, key }]];
  } catch {
    return undefined;
  }
}
