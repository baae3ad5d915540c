import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { bearerToken } from "../../functions/http/bearer-token.ts";
import { renderedClaims } from "../../functions/http/gateway-claims.ts";
import type { Scope } from "../../functions/manifest.ts";

/** Where local tokens come from and whom they are for. */
export const LOCAL_ISSUER = "https://qr-service.localhost";
export const LOCAL_AUDIENCE = "qr-service";

/** What API Gateway hands a handler of a verified token: each claim as a string. */
export interface JwtContext {
  claims: Record<string, string>;
  scopes: string[] | null;
}

export type Authorization =
  | { allowed: true; jwt: JwtContext }
  | { allowed: false; status: 401 | 403; detail: string };

/**
 * Checks a request as API Gateway's JWT authorizer does: an RS256 signature by a known key (`kid`), issuer,
 * audience (`aud`, or `client_id` where there is none), `exp` (required), `nbf` and `iat` without tolerance, and one of
 * the route's scopes in `scope` or `scp`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function jwtAuthorizer(keys: JSONWebKeySet, now: () => number = Date.now) {
  const keySet = createLocalJWKSet(keys);
  return async (authorization: string | undefined, scope: Scope): Promise<Authorization> => {
    const token = bearerToken(authorization);
    if (!token) return { allowed: false, status: 401, detail: "exactly one bearer token is required" };
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keySet, {
        algorithms: ["RS256"],
        issuer: LOCAL_ISSUER,
        requiredClaims: ["exp"],
        currentDate: new Date(now()),
      });
      if (!protectedHeader.kid) throw new errors.JWTInvalid("the token names no key");
      if (![payload.aud === undefined ? payload.client_id : payload.aud].flat().includes(LOCAL_AUDIENCE)) {
        throw new errors.JWTInvalid("the token is for somebody else");
      }
      if (payload.iat !== undefined && payload.iat * 1_000 > now()) {
        throw new errors.JWTInvalid("the token was issued in the future");
      }
      const scopes = scopesOf(payload);
      if (!scopes.includes(scope)) {
        return { allowed: false, status: 403, detail: `the token lacks the scope ${scope}` };
      }
      return { allowed: true, jwt: { claims: renderedClaims(payload), scopes: [scope] } };
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      return { allowed: false, status: 401, detail: `the token was refused (${error.code})` };
    }
  };
}

function scopesOf(payload: JWTPayload): string[] {
  const granted = payload.scope ?? payload.scp;
  if (typeof granted === "string") return granted.split(" ");
  return Array.isArray(granted) ? granted.filter((scope) => typeof scope === "string") : [];
}
