import { LacksScope } from "../../core/errors.ts";
import type { HttpReply } from "./reply.ts";

const UNAUTHENTICATED = 401;

/** No credentials at all, or those of another scheme. */
const NO_TOKEN = /^\s*$|^Bearer\s*$|^(?!Bearer )[^\s,]+ +\S/i;

/**
 * Adds the challenge to a 401: why the credentials were refused, or no reason if the request carried none; and to the
 * refusal of a caller that lacks a scope. https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 *
 * @param error that the reply stands for
 * @param authorization that the request carried
 */
export function withChallenge(reply: HttpReply, error: unknown, authorization = ""): HttpReply {
  const challenge = challengeOf(reply, error, authorization);
  return challenge ? { ...reply, headers: { ...reply.headers, "www-authenticate": challenge } } : reply;
}

function challengeOf({ statusCode }: HttpReply, error: unknown, authorization: string): string | undefined {
  if (error instanceof LacksScope) return `Bearer error="insufficient_scope", scope="${error.scope}"`;
  if (statusCode !== UNAUTHENTICATED) return undefined;
  return NO_TOKEN.test(authorization) ? "Bearer" : 'Bearer error="invalid_token"';
}
