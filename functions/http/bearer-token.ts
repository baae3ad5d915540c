/** A compact JWS: header, payload and signature in base64url. https://www.rfc-editor.org/rfc/rfc7515#section-7.1 */
const COMPACT_JWS = /^[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+$/;

/** A verified token's payload, member by member. */
export type Payload = Readonly<Record<string, unknown>>;

/**
 * The one token of an `Authorization` header, alone or behind `Bearer`, as API Gateway takes it. Repeated headers arrive
 * joined by commas, so that several tokens are none.
 *
 * @returns the compact JWS; `undefined` if there is none or more than one
 */
export function bearerToken(authorization: string | undefined): string | undefined {
  const token = authorization?.replace(/^Bearer +/i, "");
  return token !== undefined && COMPACT_JWS.test(token) ? token : undefined;
}

/**
 * The payload of a token. Does not verify the signature: the authorizer has done so.
 *
 * @returns `undefined` if it is no JSON object
 */
export function payloadOf(token: string): Payload | undefined {
  const [, encoded = ""] = COMPACT_JWS.exec(token) ?? [];
  try {
    const payload: unknown = JSON.parse(Buffer.from(encoded, "base64url").toString());
    return payload !== null && typeof payload === "object" && !Array.isArray(payload)
      ? (payload as Payload)
      : undefined;
  } catch {
    return undefined;
  }
}
