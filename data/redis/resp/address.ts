/** Where a Redis is, and how to sign in there. */
export interface RespAddress {
  host: string;
  port: number;
  isSecure: boolean;
  username: string | undefined;
  password: string | undefined;
  /** Number of the database; `undefined` for the first. */
  database: string | undefined;
}

const DEFAULT_PORT = 6379;

/** @param url `redis://` or `rediss://`, with user, password and database number where needed. */
export function respAddress(url: string): RespAddress {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  const part = (text: string) => (text === "" ? undefined : decodeURIComponent(text));
  return {
    // An IPv6 address stands in brackets there.
    host: hostname.replace(/^\[(.*)\]$/, "$1") || "localhost",
    port: Number(port || DEFAULT_PORT),
    isSecure: protocol === "rediss:",
    username: part(username),
    password: part(password),
    database: part(pathname.slice(1)),
  };
}
