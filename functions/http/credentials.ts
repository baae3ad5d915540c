import { KEY_PREFIX } from "../../core/auth/api-key.ts";
import { COMPACT_JWS } from "../../core/auth/jwt.ts";

/** What a request shows to say who sent it. */
export type Credentials = { type: "token"; token: string } | { type: "key"; key: string };

/** Neither a space nor a comma, by which a proxy joins repeated headers. */
const ONE_WORD = /^[^\s,]+$/;

/**
 * The one token or API key of an `Authorization` header, alone or behind `Bearer`. Repeated headers arrive joined by
 * commas, so that several are none.
 *
 * @returns `undefined` if there is none or more than one
 */
export function credentialsIn(authorization: string | undefined): Credentials | undefined {
  const text = authorization?.replace(/^Bearer +/i, "") ?? "";
  if (text.startsWith(KEY_PREFIX)) return ONE_WORD.test(text) ? { type: "key", key: text } : undefined;
  return COMPACT_JWS.test(text) ? { type: "token", token: text } : undefined;
}
