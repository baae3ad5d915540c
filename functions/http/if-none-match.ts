/**
 * Whether an `If-None-Match` header names the entity tag, given as it stands in `ETag`, quotes included. Tags compare
 * weakly, and `*` stands for any: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 */
export function namesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  const opaque = tag.replace(/^W\//, "");
  return [...ifNoneMatch.matchAll(/(?:W\/)?("[^"]*")/g)].some(([, named]) => named === opaque);
}
