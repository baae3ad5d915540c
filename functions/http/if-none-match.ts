import type { HttpReply } from "./reply.ts";

/**
 * Whether an `If-None-Match` header names the entity tag, given as it stands in `ETag`, quotes included. Tags compare
 * weakly, and `*` stands for any: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 *
 * A tag that `compressed` has marked names the same state: what it says is known, whatever its coding.
 */
export function namesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  const opaque = tag.replace(/^W\//, "");
  return [...ifNoneMatch.matchAll(/(?:W\/)?("[^"]*")/g)].some(
    ([, named]) => named === opaque || named === tagOfGzip(opaque),
  );
}

/** The tag of a compressed reply: a strong one differs between codings, and a weak one need not. */
export function tagOfGzip(tag: string): string {
  return tag.startsWith("W/") ? tag : tag.replace(/"$/, '-gzip"');
}

/** The reply, or 304 if the request's `If-None-Match` names its tag. https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5 */
export function unlessKnown(ifNoneMatch: string | undefined, reply: HttpReply): HttpReply {
  const { etag, "content-type": _type, ...others } = reply.headers;
  if (etag === undefined || !namesTag(ifNoneMatch, etag)) return reply;
  const { body: _body, isBase64Encoded: _isBase64Encoded, ...kept } = reply;
  return { ...kept, statusCode: 304, headers: { ...others, etag } };
}
