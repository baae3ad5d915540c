import { readFileSync } from "node:fs";
import { type Env, required } from "../env.ts";
import { readSecret } from "../secrets.ts";

/** How to reach the database, as the driver takes it. */
export interface Connection {
  connectionString?: string;
  host?: string;
  port?: number;
  user?: string;
  database?: string;
  /** Asked for each new connection: a rotated password is noticed at the next one. */
  password?: () => Promise<string>;
  /** TLS, with a certificate that this authority signed for the server's name. */
  ssl?: { ca: string };
  /** The server takes no settings of a session, so that a statement has no bound but the client's own. */
  plainSession?: true;
}

/**
 * RDS Proxy refuses a client that sets anything when it connects; its endpoints look like
 * `<name>.proxy-<id>.<region>.rds.amazonaws.com`.
 */
const RDS_PROXY = /\.proxy-[^.]+\.[^.]+\.rds\.amazonaws\.com/;

export function connectionOf(env: Env): Connection {
  const { DATABASE_SECRET_ARN: secretArn, DATABASE_CA_FILE: authorityFile } = env;
  const url = required(env, "DATABASE_URL");
  return {
    ...(secretArn
      ? { ...partsOf(url), password: async () => (await readSecret(secretArn)).password ?? "" }
      : { connectionString: url }),
    ...(RDS_PROXY.test(url) ? { plainSession: true } : {}),
    ...(authorityFile ? { ssl: { ca: readFileSync(authorityFile, "utf8") } } : {}),
  };
}

/** Of a connection string the driver takes the password even if there is none, and forgets any other that it is given. */
function partsOf(url: string): Connection {
  const { hostname, port, username, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    database: decodeURIComponent(pathname.slice(1)),
  };
}
