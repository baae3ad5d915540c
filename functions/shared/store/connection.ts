import { readFileSync } from "node:fs";
import { type Env, required } from "../env.ts";
import { readSecret } from "../secrets.ts";

/** How to reach the database, as the driver takes it. */
export interface Connection {
  connectionString: string;
  /** Asked for each new connection: a rotated password is noticed at the next one. */
  password?: () => Promise<string>;
  /** TLS, with a certificate that this authority signed for the server's name. */
  ssl?: { ca: string };
}

export function connectionOf(env: Env): Connection {
  const { DATABASE_SECRET_ARN: secretArn, DATABASE_CA_FILE: authorityFile } = env;
  return {
    connectionString: required(env, "DATABASE_URL"),
    ...(secretArn ? { password: async () => (await readSecret(secretArn)).password ?? "" } : {}),
    ...(authorityFile ? { ssl: { ca: readFileSync(authorityFile, "utf8") } } : {}),
  };
}
