import { readFileSync } from "node:fs";
import type { Connection } from "../../data/postgres/postgres.ts";
import { type Env, required } from "./env.ts";
import { readSecret } from "./secrets.ts";

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

/** The parts of a connection string: given it whole, the driver ignores `password`, even if the string has none. */
function partsOf(url: string): Connection {
  const { hostname, port, username, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    database: decodeURIComponent(pathname.slice(1)),
  };
}
