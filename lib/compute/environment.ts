import { Fn } from "aws-cdk-lib";
import type { Resource } from "../../functions/manifest.ts";
import type { VariableName } from "../../functions/runtime/env.ts";
import { databaseUrl } from "../data/database-url.ts";
import type { Identity } from "../identity/identity.ts";
import type { Stage } from "../stage.ts";
import { type Backends, bypassesProxy, type FunctionLine, roleSecrets, userOf } from "./backends.ts";
import { CA_FILE } from "./bundle.ts";

type Variables = Partial<Record<VariableName, string>>;

/** The header in which CloudFront sends a visitor's country; it overwrites one sent by the visitor. */
export const COUNTRY_HEADER = "cloudfront-viewer-country";

/** The header in which CloudFront sends a visitor's address, overwritten likewise. */
export const VIEWER_ADDRESS_HEADER = "cloudfront-viewer-address";

/** The variables of a function, which follow from what it uses. None of them is secret. */
export function environmentOf(line: FunctionLine, backends: Backends): Variables {
  return Object.assign({ LOG_LEVEL: "INFO" }, ...line.uses.map((use) => variablesOf(use, line, backends)));
}

function variablesOf(use: Resource, line: FunctionLine, backends: Backends): Variables {
  const { config, database, visitorKey } = backends;
  switch (use) {
    case "postgres":
      return {
        DATABASE_URL: databaseUrl(userOf(line), bypassesProxy(line) ? database.direct : database.host),
        DATABASE_SECRET_ARN: database.secrets[userOf(line)].secretArn,
        DATABASE_CA_FILE: `/var/task/${CA_FILE}`,
      };
    case "redis": {
      const redis = given(backends, "redis");
      return {
        ...("url" in redis ? { REDIS_URL: redis.url } : { UPSTASH_SECRET_ARN: redis.secret.secretArn }),
        ...lifetimesOf(config.sizes),
      };
    }
    case "outbox":
      return {
        EVENTS: config.events === "msk" ? "kafka" : "direct",
        RELAY_IDLE_MS: String(config.sizes.relay.idleS * 1_000),
      };
    case "visitors":
      return {
        VISITOR_KEY_SECRET_ARN: visitorKey.secretArn,
        ...(config.cloudfront ? { COUNTRY_HEADER, VIEWER_ADDRESS_HEADER } : {}),
      };
    case "kafka":
      return { MSK_CLUSTER_ARN: given(backends, "cluster").clusterArn, KAFKA_AUTH: "msk-iam" };
    case "roles":
      return {
        DATABASE_ROLE_SECRET_ARNS: Fn.join(
          ",",
          roleSecrets(database).map(({ secretArn }) => secretArn),
        ),
      };
    case "history":
      return {
        RETENTION_MONTHS: String(config.sizes.retentionMonths),
        HISTORY_MONTHS: String(config.sizes.historyMonths),
      };
    case "public-url":
      return { PUBLIC_BASE_URL: given(backends, "publicUrl") };
    case "tenants":
      return tenantsOf(given(backends, "identity"), line);
    case "issuer-keys":
      return { ISSUER_KEYS_COPY: given(backends, "identity").keysUrl ?? "" };
  }
}

function tenantsOf(
  { tenantClaim, issuer, audience, scopePrefix, keysUrl }: Identity,
  { uses }: FunctionLine,
): Variables {
  return {
    TENANT_CLAIM: tenantClaim,
    TOKEN_ISSUER: issuer,
    TOKEN_AUDIENCE: audience.join(","),
    // Whoever makes the copy reads the original.
    ...(keysUrl && !uses.includes("issuer-keys") ? { TOKEN_KEYS_URL: keysUrl } : {}),
    ...(scopePrefix ? { SCOPE_PREFIX: scopePrefix } : {}),
  };
}

function lifetimesOf({ lifetimes }: Stage): Variables {
  return {
    LIST_TTL_S: String(lifetimes.list),
    CODE_TTL_S: String(lifetimes.code),
    LINK_TTL_S: String(lifetimes.link),
  };
}

/** @throws Error if a function stands in a stack that does not know what it uses */
export function given<K extends "cluster" | "identity" | "publicUrl" | "redis">(
  backends: Backends,
  name: K,
): NonNullable<Backends[K]> {
  const value = backends[name];
  if (value === undefined) throw new Error(`this stack has no ${name} for its functions`);
  return value;
}
