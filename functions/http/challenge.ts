import type { HttpReply } from "./reply.ts";

const UNAUTHENTICATED = 401;

/** No credentials at all, or those of another scheme. */
const NO_TOKEN = /^\s*$|^Bearer\s*$|^(?!Bearer )[^\s,]+ +\S/i;

/**
 * Adds the challenge to a 401: why the token was refused, or no reason if the request carried no token.
 * https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 *
 * @param authorization that the request carried
 */
export function withChallenge(reply: HttpReply, authorization = ""): HttpReply {
  if (reply.statusCode !== UNAUTHENTICATED) return reply;
  const challenge = NO_TOKEN.test(authorization) ? "Bearer" : 'Bearer error="invalid_token"';
  return { ...reply, headers: { ...reply.headers, "www-authenticate": challenge } };
}
