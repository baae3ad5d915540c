import { verify } from "node:crypto";
import type { VerificationKey } from "./key-set.ts";

/** A compact JWS: header, payload and signature in base64url. https://www.rfc-editor.org/rfc/rfc7515#section-7.1 */
export const COMPACT_JWS = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

/** A verified token's payload, member by member. */
export type Payload = Readonly<Record<string, unknown>>;

/** Why a token is refused, for whoever holds it. */
export type Refusal =
  | "malformed"
  | "untrusted"
  | "expired"
  | "not yet valid"
  | "of another issuer"
  | "for another audience";

export type Verdict = { payload: Payload } | { refused: Refusal };

export interface TokenRules {
  issuer: string;
  /** A token is for one of them by its `aud`, or by its `client_id` where it has no `aud`, as Cognito's access tokens. */
  audience: readonly string[];
  /** The key of a `kid`, or `undefined` if the issuer has none of it. */
  keyOf(kid: string): Promise<VerificationKey | undefined>;
}

/** Tokens that are remembered: about 2 MB. */
const MAX_REMEMBERED = 1_000;

/**
 * Verifies JSON Web Tokens as an HTTP API's JWT authorizer does: a signature by one of the issuer's keys (`kid`), `iss`,
 * `aud` or `client_id`, `exp`, which is required, `nbf` and `iat`, all without tolerance of clocks.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 *
 * A token is remembered so that its signature is checked once. Its times are checked at each use, and so is that the
 * issuer still has the key: when it is replaced, what it signed is checked anew.
 *
 * @returns a function of a token and of the time, Unix ms, which throws what `keyOf` throws
 */
export function jwtVerifier({ issuer, audience, keyOf }: TokenRules) {
  const remembered = new Map<string, { kid: string; key: VerificationKey; payload: Payload }>();

  return async (token: string, now: number): Promise<Verdict> => {
    const known = remembered.get(token);
    if (known) {
      const verdict = timely(known.payload, now);
      if ("payload" in verdict && (await keyOf(known.kid)) === known.key) return verdict;
      remembered.delete(token);
    }
    const [, head = "", body = "", signature = ""] = COMPACT_JWS.exec(token) ?? [];
    const [header, payload] = [jsonObject(head), jsonObject(body)];
    if (!header || !payload) return { refused: "malformed" };
    const { alg, kid, crit } = header;
    // An extension that has to be understood is not: https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11
    if (typeof kid !== "string" || kid === "" || crit !== undefined) return { refused: "malformed" };
    const key = await keyOf(kid);
    if (!key || alg !== key.algorithm || !isSigned(`${head}.${body}`, signature, key))
      return { refused: "untrusted" };
    if (payload.iss !== issuer) return { refused: "of another issuer" };
    const { aud, client_id: client } = payload;
    const named: unknown[] = [aud === undefined ? client : aud].flat();
    if (!audience.some((one) => named.includes(one))) return { refused: "for another audience" };
    const verdict = timely(payload, now);
    if ("payload" in verdict) remember(token, { kid, key, payload });
    return verdict;
  };

  function remember(token: string, verified: { kid: string; key: VerificationKey; payload: Payload }): void {
    const [oldest] = remembered.size >= MAX_REMEMBERED ? remembered.keys() : [];
    if (oldest !== undefined) remembered.delete(oldest);
    remembered.set(token, verified);
  }
}

/** https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4 */
function timely(payload: Payload, now: number): Verdict {
  const { exp, nbf, iat } = payload;
  const seconds = Math.floor(now / 1_000);
  if (typeof exp !== "number" || exp <= seconds) return { refused: "expired" };
  const reached = (time: unknown) => time === undefined || (typeof time === "number" && time <= seconds);
  return reached(nbf) && reached(iat) ? { payload } : { refused: "not yet valid" };
}

function isSigned(text: string, signature: string, { algorithm, key }: VerificationKey): boolean {
  const by = algorithm === "ES256" ? { key, dsaEncoding: "ieee-p1363" as const } : key;
  return verify("sha256", Buffer.from(text), by, Buffer.from(signature, "base64url"));
}

function jsonObject(encoded: string): Payload | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, "base64url").toString());
    return value !== null && typeof value === "object" && !Array.isArray(value)
      ? (value as Payload)
      : undefined;
  } catch {
    return undefined;
  }
}
