import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { VariableName } from "../../../functions/runtime/env.ts";
import { TEST_VISITOR_KEY } from "../test-stack.ts";
import type { Account } from "./account.ts";
import type { FunctionAsset } from "./assets.ts";

/** One for all: the roles belong to the run's Postgres, whose databases each deploy into it. */
const ROLE_PASSWORD = "a-password-of-the-roles";

/** The values that a template leaves to the deployment, by the variable that takes them. */
export type Deployment = Partial<Record<VariableName, string>>;

export interface DeployedServers {
  /** With its password. */
  databaseUrl: string;
  /** Where the Redis of the account's option answers; the token is Upstash's. */
  redis: { url: string; token?: string };
  publicUrl?: string;
  /** The variables that say whose tokens are taken; a template does not know them. */
  tokens: Record<string, string>;
}

/** Deploys into the account, as far as functions can tell: their variables, and the secrets that those name. */
export function deploy(
  account: Account,
  { databaseUrl, redis, publicUrl, tokens }: DeployedServers,
): Deployment {
  const prefix = `arn:aws:secretsmanager:eu-west-1:000000000000:secret:${randomUUID()}`;
  const secret = (name: string, value: Record<string, string>): string => {
    account.secrets.put(`${prefix}/${name}`, value);
    return `${prefix}/${name}`;
  };
  const { username, password, pathname } = new URL(databaseUrl);
  const { host, port } = account.postgres;
  return {
    DATABASE_URL: `postgres://${username}@${host}:${port}${pathname}`,
    DATABASE_SECRET_ARN: secret("database", { username, password: decodeURIComponent(password) }),
    DATABASE_ROLE_SECRET_ARNS: ["qr_scan", "qr_manage", "qr_pipeline"]
      .map((role) => secret(role, { username: role, password: ROLE_PASSWORD }))
      .join(),
    REDIS_URL: redis.url,
    UPSTASH_SECRET_ARN: secret("upstash", { url: redis.url, token: redis.token ?? "" }),
    VISITOR_KEY_SECRET_ARN: secret("visitor-key", { key: TEST_VISITOR_KEY }),
    MSK_CLUSTER_ARN:
      "arn:aws:kafka:eu-west-1:000000000000:cluster/qr-dev/00000000-0000-0000-0000-000000000000-1",
    ...tokens,
    ...(publicUrl ? { PUBLIC_BASE_URL: publicUrl } : {}),
  };
}

/**
 * A function's variables: those that its template has, and no other. A value that the template leaves open is the
 * deployment's; Lambda's folder is the asset's.
 *
 * @throws Error if neither knows a value
 */
export function environmentOf(asset: FunctionAsset, deployment: Deployment): Record<string, string> {
  const known: Record<string, string | undefined> = deployment;
  const values = Object.entries(asset.environment).map(([name, value]) => {
    const text =
      typeof value === "string" ? value.replace(/^\/var\/task\//, join(asset.folder, "/")) : known[name];
    if (text === undefined) throw new Error(`${asset.name}: nothing deployed is ${name}`);
    return [name, text];
  });
  return Object.fromEntries(values);
}
