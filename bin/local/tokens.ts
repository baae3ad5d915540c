import { join } from "node:path";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from "jose";
import type { Scope } from "../../functions/manifest.ts";
import { keepSecret } from "./secret-file.ts";

/** A token for a machine of one's own: long enough not to be in the way. */
const LIFETIME_MS = 30 * 24 * 60 * 60 * 1_000;

/** Where local tokens come from and whom they are for, as the functions' environment says it. */
export const LOCAL_TOKENS = {
  TOKEN_ISSUER: "https://qr-service.localhost",
  TOKEN_AUDIENCE: "qr-service",
} as const;

/** Whom a token stands for. */
const SOMEBODY = { sub: "local", name: "Somebody at this machine" };

export interface TokenIssuer {
  /** What whoever verifies them needs to know. */
  publicKeys: { keys: JWK[] };
  /** The private key, for whoever else issues tokens on this machine. */
  signingKey: JWK;
  /**
   * A token for one tenant, or for several, which then have to be chosen from with `X-Tenant-ID`.
   *
   * @param now Unix ms, at which it is issued
   */
  issue(tenants: string[], scopes: readonly Scope[], now?: number): Promise<string>;
}

/** Opens the signing key in `dataFolder`; makes one at the first time. */
export async function openTokenIssuer(dataFolder: string, tenantClaim: string): Promise<TokenIssuer> {
  const file = join(dataFolder, "jwt-key.json");
  const { jwk, key } = await parseKey(await keepSecret(file, newKey)).catch((cause) => {
    throw new Error(`${file} holds no signing key: delete it to get a new one`, { cause });
  });
  const { kty, kid, n, e } = jwk;
  return {
    publicKeys: { keys: [{ kty, kid, n, e, alg: "RS256", use: "sig" } as JWK] },
    signingKey: jwk,
    issue: (tenants, scopes, now = Date.now()) =>
      new SignJWT({
        ...SOMEBODY,
        [tenantClaim]: tenants.length === 1 ? tenants[0] : tenants,
        scope: scopes.join(" "),
      })
        .setProtectedHeader({ alg: "RS256", ...(kid === undefined ? {} : { kid }) })
        .setIssuer(LOCAL_TOKENS.TOKEN_ISSUER)
        .setAudience(LOCAL_TOKENS.TOKEN_AUDIENCE)
        .setIssuedAt(new Date(now))
        .setExpirationTime(new Date(now + LIFETIME_MS))
        .sign(key),
  };
}

async function parseKey(text: string) {
  const jwk = JSON.parse(text) as JWK;
  return { jwk, key: await importJWK(jwk, "RS256") };
}

async function newKey(): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  return JSON.stringify({ ...jwk, kid: await calculateJwkThumbprint(jwk) });
}
