import { baseUrlProblem, printedBaseUrl } from "../../core/code/base-url.ts";
import { CACHE_TTL } from "../../data/redis/keys.ts";
import type { Resource } from "../manifest.ts";

/** What the local gateway needs besides what its functions use. */
type Needs = Resource | "local";

/** The rules of a variable. What it means stands in `variable-meanings.ts`, which no function carries. */
interface Variable {
  /** What needs it; `any` is read by every function. */
  usedBy: Needs | "any";
  /** Used when the variable is absent. A variable with neither default nor `optional` is required. */
  fallback?: string;
  optional?: true;
  /** Says what is wrong with a value, if anything. */
  problem?: (value: string) => string | undefined;
  /** Turns a value that has no problem into the one form in which it is used. */
  canonical?: (value: string) => string;
}

/**
 * What the server bounds statements and idle transactions by, at most, in milliseconds. A writer's mark in Redis
 * (`CACHE_TTL.mark`) lives longer, with time left for the commit itself.
 */
export const MAX_DATABASE_TIMEOUT_MS = 8_000;

export const VARIABLES = {
  DATABASE_URL: {
    usedBy: "postgres",
    problem: urlOf("postgres:", "postgresql:"),
  },
  DATABASE_POOL_SIZE: {
    usedBy: "postgres",
    fallback: "1",
    problem: integer(1, 100),
  },
  DATABASE_TIMEOUT_MS: {
    usedBy: "postgres",
    fallback: "3000",
    problem: integer(50, MAX_DATABASE_TIMEOUT_MS),
  },
  DATABASE_SECRET_ARN: {
    usedBy: "postgres",
    optional: true,
  },
  DATABASE_ROLE_SECRET_ARNS: {
    usedBy: "roles",
    optional: true,
  },
  DATABASE_CA_FILE: {
    usedBy: "postgres",
    optional: true,
  },
  REDIS_URL: {
    usedBy: "redis",
    optional: true,
    problem: urlOf("redis:", "rediss:"),
  },
  UPSTASH_REDIS_REST_URL: {
    usedBy: "redis",
    optional: true,
    problem: urlOf("https:", "http:"),
  },
  UPSTASH_REDIS_REST_TOKEN: { usedBy: "redis", optional: true },
  UPSTASH_SECRET_ARN: {
    usedBy: "redis",
    optional: true,
  },
  REDIS_TIMEOUT_MS: {
    usedBy: "redis",
    fallback: "250",
    problem: integer(5, 10_000),
  },
  LIST_TTL_S: {
    usedBy: "redis",
    fallback: String(CACHE_TTL.list),
    problem: integer(10, 86_400),
  },
  CODE_TTL_S: {
    usedBy: "redis",
    fallback: String(CACHE_TTL.code),
    problem: integer(10, 86_400),
  },
  LINK_TTL_S: {
    // A hot link is refreshed a minute before it expires.
    usedBy: "redis",
    fallback: String(CACHE_TTL.link),
    problem: integer(120, 604_800),
  },
  PUBLIC_BASE_URL: {
    usedBy: "public-url",
    problem: baseUrlProblem,
    canonical: printedBaseUrl,
  },
  TENANT_CLAIM: {
    usedBy: "tenants",
    fallback: "tenant_id",
  },
  TOKEN_ISSUER: {
    usedBy: "tenants",
  },
  TOKEN_AUDIENCE: {
    usedBy: "tenants",
  },
  TOKEN_KEYS_URL: {
    usedBy: "tenants",
    optional: true,
    problem: (value) =>
      /^(https?:\/\/|data:)\S+$/.test(value) ? undefined : "must be a URL, https://… or data:…",
  },
  SCOPE_PREFIX: {
    usedBy: "tenants",
    optional: true,
  },
  ISSUER_KEYS_COPY: {
    usedBy: "issuer-keys",
    optional: true,
    problem: urlOf("https:", "http:"),
  },
  VISITOR_KEY: {
    usedBy: "visitors",
    problem: (value) => (value.length < 32 ? "must have at least 32 characters" : undefined),
  },
  VISITOR_KEY_SECRET_ARN: {
    usedBy: "visitors",
    optional: true,
  },
  COUNTRY_HEADER: {
    usedBy: "visitors",
    optional: true,
  },
  VIEWER_ADDRESS_HEADER: {
    usedBy: "visitors",
    optional: true,
  },
  KAFKA_BROKERS: {
    usedBy: "kafka",
    optional: true,
    problem: brokerList,
  },
  MSK_CLUSTER_ARN: {
    usedBy: "kafka",
    optional: true,
    problem: (value) =>
      /^arn:[\w-]+:kafka:[\w-]+:\d+:cluster\/\S+$/.test(value)
        ? undefined
        : "must be the ARN of an MSK cluster",
  },
  KAFKA_AUTH: {
    usedBy: "kafka",
    fallback: "none",
    problem: oneOf("none", "msk-iam", "scram-sha-256", "scram-sha-512", "plain"),
  },
  KAFKA_USERNAME: { usedBy: "kafka", optional: true },
  KAFKA_PASSWORD: { usedBy: "kafka", optional: true },
  KAFKA_TLS: {
    usedBy: "kafka",
    fallback: "false",
    problem: oneOf("true", "false"),
  },
  KAFKA_TOPIC: { usedBy: "kafka", fallback: "qr.events" },
  OUTBOX_MAX_LENGTH: {
    usedBy: "outbox",
    fallback: "100000",
    problem: integer(10, 10_000_000),
  },
  EVENTS: {
    usedBy: "outbox",
    fallback: "kafka",
    problem: oneOf("kafka", "direct"),
  },
  RELAY_IDLE_MS: {
    usedBy: "outbox",
    fallback: "10000",
    problem: integer(0, 60_000),
  },
  RETENTION_MONTHS: {
    usedBy: "history",
    fallback: "13",
    problem: integer(1, 120),
  },
  HISTORY_MONTHS: {
    usedBy: "history",
    fallback: "25",
    problem: integer(1, 120),
  },
  PORT: {
    usedBy: "local",
    fallback: "3002",
    problem: integer(1, 65_535),
  },
  HOST: {
    usedBy: "local",
    fallback: "127.0.0.1",
  },
  CORS_ORIGINS: {
    usedBy: "local",
    optional: true,
  },
  RATE_LIMIT_SCAN: {
    usedBy: "local",
    optional: true,
  },
  RATE_LIMIT_OTHER: { usedBy: "local", optional: true },
  RATE_LIMIT_NO_ROUTE: { usedBy: "local", optional: true },
  DATA_FOLDER: {
    usedBy: "local",
    fallback: ".local",
  },
  LOG_LEVEL: {
    usedBy: "any",
    fallback: "INFO",
    problem: oneOf("DEBUG", "INFO", "WARN", "ERROR"),
  },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof VARIABLES;

/** The variables of a process, checked. A variable that nothing it uses needs is absent. */
export type Env = Partial<Record<VariableName, string>>;

/** Variables by name, unchecked. */
export type EnvSource = Record<string, string | undefined>;

/** The only place that reads the process's variables. */
export const processEnv: EnvSource = process.env;

/** The configuration is wrong; the message is one line that names each variable. */
export class EnvironmentError extends Error {
  override name = "EnvironmentError";
}

/**
 * Reads and checks the variables that `uses` needs.
 *
 * @throws EnvironmentError if one is missing or malformed
 */
export function readEnv(uses: readonly Needs[], source: EnvSource = processEnv): Env {
  const env: Env = {};
  const problems: string[] = [];
  for (const [name, variable] of Object.entries(VARIABLES) as [VariableName, Variable][]) {
    if (variable.usedBy !== "any" && !uses.includes(variable.usedBy)) continue;
    const value = source[name] || variable.fallback;
    const problem =
      value === undefined ? (variable.optional ? undefined : "is required") : variable.problem?.(value);
    if (problem) problems.push(`${name} ${problem}`);
    else if (value !== undefined) env[name] = variable.canonical?.(value) ?? value;
  }
  if (env.UPSTASH_REDIS_REST_URL && !env.UPSTASH_REDIS_REST_TOKEN) {
    problems.push("UPSTASH_REDIS_REST_TOKEN is required beside UPSTASH_REDIS_REST_URL");
  }
  if (problems.length > 0) throw new EnvironmentError(problems.join("; "));
  return env;
}

/**
 * A variable that `readEnv` has checked to be there.
 *
 * @throws EnvironmentError if the process does not use what the variable belongs to
 */
export function required(env: Env, name: VariableName): string {
  const value = env[name];
  if (value === undefined) throw new EnvironmentError(`${name} is required`);
  return value;
}

function urlOf(...protocols: string[]) {
  const wanted = protocols.map((protocol) => `${protocol}//…`).join(" or ");
  return (value: string): string | undefined =>
    URL.canParse(value) && protocols.includes(new URL(value).protocol) && new URL(value).hostname !== ""
      ? undefined
      : `must be a URL, ${wanted}`;
}

function brokerList(value: string): string | undefined {
  return value.split(",").every((broker) => /^[^\s:,]+:\d{1,5}$/.test(broker.trim()))
    ? undefined
    : "must be a list such as broker-1:9092,broker-2:9092";
}

function integer(least: number, most: number) {
  return (value: string): string | undefined =>
    /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `must be a whole number from ${least} to ${most}`;
}

function oneOf(...values: string[]) {
  return (value: string): string | undefined =>
    values.includes(value) ? undefined : `must be one of ${values.join(", ")}`;
}
