import type { HttpReply } from "./reply.ts";

const UNAUTHENTICATED = 401;

/** No credentials at all, or those of another scheme. */
const NO_TOKEN = /^\s*$|^Bearer\s*$|^(?!Bearer )[^\s,]+ +\S/i;

/**
 * A refusal with what it has to name: why a token was refused, and no reason to whoever sent none.
 * https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 *
 * @param authorization that the request carried
 */
export function withChallenge(reply: HttpReply, authorization = ""): HttpReply {
  if (reply.statusCode !== UNAUTHENTICATED) return reply;
  const challenge = NO_TOKEN.test(authorization) ? "Bearer" : 'Bearer error="invalid_token"';
  return { ...reply, headers: { ...reply.headers, "www-authenticate": challenge } };
}
