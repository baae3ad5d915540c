import { generateKeyPairSync, sign } from "node:crypto";
import { LOCAL_TOKENS } from "../../bin/local/tokens.ts";
import { fixedKeys } from "../../core/auth/issuer-keys.ts";

/** The `kid` of the key that every test stack trusts beside its issuer's, and of which tests hold the private half. */
export const KID = "trusted-key";

export const trusted = generateKeyPairSync("rsa", { modulusLength: 2048 });

export const trustedJwk = {
  ...trusted.publicKey.export({ format: "jwk" }),
  kid: KID,
  alg: "RS256",
  use: "sig",
};

/** What services need to take its tokens. */
export const trustedKeys = fixedKeys({ keys: [trustedJwk] });

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** A token of the local issuer with these claims over those that every good one has, which ends in 2100. */
export function signedToken(claims: object): string {
  const { TOKEN_ISSUER: iss, TOKEN_AUDIENCE: aud } = LOCAL_TOKENS;
  const payload = { iss, aud, exp: 4_102_444_800, ...claims };
  const text = `${encoded({ alg: "RS256", kid: KID })}.${encoded(payload)}`;
  return `${text}.${sign("sha256", Buffer.from(text), trusted.privateKey).toString("base64url")}`;
}

/** The variables of a function in a process of its own that is to take the tokens of these keys. */
export function tokenVariables(keys: readonly object[]): Record<string, string> {
  const jwks = encodeURIComponent(JSON.stringify({ keys }));
  return { ...LOCAL_TOKENS, TOKEN_KEYS_URL: `data:application/json,${jwks}`, SCOPE_PREFIX: "" };
}
