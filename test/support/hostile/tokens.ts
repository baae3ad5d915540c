import { createSecretKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { type JWTHeaderParameters, SignJWT } from "jose";
import { LOCAL_TOKENS } from "../../../bin/local/tokens.ts";
import type { Scope } from "../../../core/auth/scopes.ts";
import { ServiceError } from "../../../core/errors.ts";
import { authenticator } from "../../../functions/http/authenticate.ts";
import type { Services } from "../../../functions/runtime/services.ts";
import { KID, trusted, trustedKeys } from "../trusted-key.ts";
import { ATTACKER, VICTIM } from "./victim.ts";

const strange = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** Keys to sign with, by what they are. Two of them are the classic confusion: HMAC with the public key as secret. */
export const KEYS: Record<string, KeyObject> = {
  trusted: trusted.privateKey,
  strange: strange.privateKey,
  "public-pem": createSecretKey(Buffer.from(trusted.publicKey.export({ type: "spki", format: "pem" }))),
  "public-der": createSecretKey(Buffer.from(trusted.publicKey.export({ type: "spki", format: "der" }))),
  "known-secret": createSecretKey(Buffer.alloc(32)),
};

export type Claims = Record<string, unknown>;

/** Good for an hour, for the attacker and with both scopes, unless `claims` says otherwise. */
export function goodClaims(claims: Claims = {}, now = Date.now()): Claims {
  const seconds = Math.floor(now / 1_000);
  return {
    iss: LOCAL_TOKENS.TOKEN_ISSUER,
    aud: LOCAL_TOKENS.TOKEN_AUDIENCE,
    iat: seconds - 60,
    exp: seconds + 7_200,
    tenant_id: ATTACKER,
    scope: "qr:read qr:write",
    ...claims,
  };
}

/** Whether a token may do what a scope stands for at a time, Unix ms, and why not. */
export function authorizerOf(now: () => number) {
  const env = { ...LOCAL_TOKENS, TENANT_CLAIM: "tenant_id" };
  const authenticate = authenticator({ env, now, issuerKeys: trustedKeys } as unknown as Services);
  return async (authorization: string, scope: Scope) => {
    try {
      await authenticate(authorization, scope);
      return { allowed: true };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return { allowed: false, kind: error.kind };
    }
  };
}

const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** A signed token; with the algorithm `none`, in any spelling, one without a signature. */
export async function sign(header: JWTHeaderParameters, claims: Claims, key: KeyObject): Promise<string> {
  if (header.alg.toLowerCase() === "none") return `${encoded(header)}.${encoded(claims)}.`;
  return new SignJWT(claims).setProtectedHeader(header).sign(key);
}

const trustedHeader = { alg: "RS256", kid: KID };
const signed = (claims: Claims) => sign(trustedHeader, goodClaims(claims), trusted.privateKey);

/** Members that no conversion to text survives, or that name what is not to be had. */
const UNPRINTABLE = { toString: 1, valueOf: null };

/** What the attacker may put behind `Authorization:`, by name. None of it is for the victim's tenant. */
export async function attackerTokens(): Promise<Record<string, string>> {
  const good = await signed({});
  const [head, , signature] = good.split(".");
  const bearer = (token: string) => `Bearer ${token}`;
  return {
    both: bearer(good),
    reads: bearer(await signed({ scope: "qr:read" })),
    writes: bearer(await signed({ scope: "qr:write" })),
    several: bearer(await signed({ tenant_id: [ATTACKER, "tenant_third"] })),
    pattern: bearer(await signed({ tenant_id: ["*", "tenant_victi?", `${VICTIM}:x`, "{", ":"] })),
    spaced: bearer(await signed({ tenant_id: `x ${VICTIM}` })),
    listed: bearer(await signed({ tenant_id: `${ATTACKER},${VICTIM}` })),
    bracketed: bearer(await signed({ tenant_id: `[${ATTACKER} ${VICTIM}]` })),
    ended: bearer(await signed({ tenant_id: `${VICTIM}\n` })),
    nested: bearer(await signed({ tenant_id: [["x", VICTIM, "y"]] })),
    "within an object": bearer(await signed({ tenant_id: { a: `1 ${VICTIM} y` } })),
    "within a part": bearer(await signed({ tenant_id: [ATTACKER, `x ${VICTIM}`] })),
    doubled: `${bearer(good)},${bearer(`${head}.${encoded(goodClaims({ tenant_id: VICTIM }))}.${signature}`)}`,
    nobody: bearer(await signed({ tenant_id: undefined })),
    "odd tenants": bearer(await signed({ tenant_id: [UNPRINTABLE, [[VICTIM]], { tenant: VICTIM }] })),
    "odd scope": bearer(await signed({ scope: UNPRINTABLE })),
    "odd scopes": bearer(await signed({ scope: [UNPRINTABLE, null, ["qr:read"]] })),
    "odd claims": bearer(await signed({ constructor: UNPRINTABLE, jti: { a: [null, UNPRINTABLE] } })),
    "scp only": bearer(await signed({ scope: undefined, scp: ["qr:read", "qr:write"] })),
    expired: bearer(await signed({ exp: 1 })),
    "no expiry": bearer(await signed({ exp: undefined })),
    "of the future": bearer(await signed({ iat: 99_999_999_999 })),
    unsigned: bearer(
      await sign({ alg: "none", kid: KID }, goodClaims({ tenant_id: VICTIM }), trusted.privateKey),
    ),
    confused: bearer(
      await sign(
        { alg: "HS256", kid: KID },
        goodClaims({ tenant_id: VICTIM }),
        KEYS["public-pem"] as KeyObject,
      ),
    ),
    "by a stranger": bearer(await sign(trustedHeader, goodClaims({ tenant_id: VICTIM }), strange.privateKey)),
    exchanged: bearer(`${head}.${encoded(goodClaims({ tenant_id: VICTIM }))}.${signature}`),
    "without its scheme": good,
    garbage: bearer("eyJ.eyJ.eyJ"),
    bare: "Bearer",
    basic: "Basic dGVuYW50X3ZpY3RpbTp4",
  };
}
