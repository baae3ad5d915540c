/** What a request asks for, taken apart. */
export interface RequestTarget {
  path: string;
  /** Without its question mark; empty if there is none. */
  rawQuery: string;
  /** Host and port, where the target names them. */
  authority: string | undefined;
}

const ABSOLUTE = /^https?:\/\/([^/?#]*)/i;

/**
 * Reads the target of a request line: a path with its query, or an absolute URL as it is sent to a proxy, which a server
 * has to take as well. https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
 */
export function requestTarget(url: string): RequestTarget {
  const [scheme = "", authority] = ABSOLUTE.exec(url) ?? [];
  const rest = url.slice(scheme.length);
  const queryAt = rest.indexOf("?");
  const path = queryAt < 0 ? rest : rest.slice(0, queryAt);
  return { path: path || "/", rawQuery: queryAt < 0 ? "" : rest.slice(queryAt + 1), authority };
}
