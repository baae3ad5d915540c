import { domainToASCII } from "node:url";
import { regionProblem } from "./compute/regions.ts";
import { ConfigError } from "./config-error.ts";
import { SIZE_OPTIONS, unknownOptions } from "./options.ts";
import type { Stage, StageName } from "./stage.ts";
import { stages } from "./stages.ts";

/** What `-c name=value` may choose, and the account and region that the AWS profile stands for. */
export interface Config {
  stage: StageName;
  /** The stage's, with those that an option changes. */
  sizes: Stage;
  region: string;
  /** Unknown without AWS credentials; only then does the template not depend on it. */
  account?: string;
  /** `upstash`: Redis over HTTPS, outside AWS. `valkey`: ElastiCache inside the network. */
  redis: "upstash" | "valkey";
  /** `msk`: the relay publishes to Kafka, and a consumer persists. `direct`: the relay persists by itself. */
  events: "msk" | "direct";
  /** Name of the secret with Upstash's `url` and `token`, which its owner makes before the first deploy. */
  upstashSecret: string;
  /** RDS Proxy between the functions and the database. */
  proxy: boolean;
  /** CloudFront with a firewall in front of the API; it adds the visitor's country. */
  cloudfront: boolean;
  /** The console in front of the API, on CloudFront. */
  console: boolean;
  /**
   * Whoever signs the callers' tokens; without it a Cognito user pool is made. `consoleClientId` is the client that the
   * console signs people in as.
   */
  oidc?: { issuer: string; audience: string[]; tenantClaim: string; consoleClientId?: string };
  /** The service's own name, in a zone of this account. */
  domain?: { name: string; hostedZoneId: string };
  /** Web origins whose scripts may call the API. */
  origins: string[];
  /** Where Cognito redirects a user after sign-in. */
  callbackUrl: string;
  /** The address that alarms are sent to. */
  alarmEmail?: string;
}

type Context = (name: string) => unknown;

const SECRET_NAME = /^[\w/+=.@-]{1,512}$/;
/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/create_secret.html */
const LIKE_AN_ARN = /-[A-Za-z0-9]{6}$/;
/** In ASCII, as it is printed. */
const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/**
 * Reads and checks the context.
 *
 * @param names of all values that the context has
 * @throws ConfigError if a value is missing, unknown or malformed
 */
export function readConfig(
  context: Context,
  env: { account?: string; region?: string },
  names: readonly string[] = [],
): Config {
  const problems = unknownOptions(names);
  const text = (name: string): string | undefined => {
    const value = context(name);
    return value === undefined || value === "" ? undefined : String(value);
  };
  const check = (name: string, fallback: string, isValid: (value: string) => boolean, rule: string) => {
    const value = text(name) ?? fallback;
    if (!isValid(value)) problems.push(`${name} ${rule}${value === "" ? "" : `, not ${value}`}`);
    return value;
  };
  const oneOf = <T extends string>(name: string, values: readonly T[], fallback: T | ""): T =>
    check(name, fallback, (value) => values.includes(value as T), `must be ${values.join(" or ")}`) as T;

  const stage = oneOf("stage", Object.keys(stages) as StageName[], "");
  const sizes = readSizes(stages[stage], text, problems);
  const redis = oneOf("redis", ["upstash", "valkey"], "upstash");
  const events = oneOf("events", ["msk", "direct"], stages[stage]?.events ?? "msk");
  if (sizes?.kafka.keep && events === "direct")
    problems.push(`events must be msk in ${stage}, whose cluster is kept when its stack goes`);
  const proxyDefault = stages[stage]?.proxy ? "true" : "false";
  const proxy = oneOf("proxy", ["true", "false"], proxyDefault) === "true";
  const cloudfront = oneOf("cloudfront", ["true", "false"], "false") === "true";
  const upstashSecret = check(
    "upstashSecret",
    `qr-service/${stage}/upstash`,
    (value) => SECRET_NAME.test(value) && !LIKE_AN_ARN.test(value),
    "must be a secret's name, which does not end in a hyphen and six characters as its ARN does",
  );
  const origins = check(
    "origins",
    "",
    (value) => list(value).every(isOrigin),
    "must be origins such as https://app.example.com, separated by commas",
  );
  const callbackUrl = check(
    "callbackUrl",
    "http://localhost:8400/",
    isCallback,
    "must be an https URL, or http on localhost",
  );
  const alarmEmail = check(
    "alarmEmail",
    "",
    (value) => value === "" || /^\S+@\S+\.\S+$/.test(value),
    "must be an e-mail address",
  );
  const oidc = readOidc(text, problems);
  // An issuer of somebody's own has to know the console before anybody can sign in to it.
  const hasConsole = oneOf("console", ["true", "false"], oidc && !oidc.consoleClientId ? "false" : "true");
  if (hasConsole === "true" && oidc && !oidc.consoleClientId)
    problems.push("console needs consoleClientId, the client that your issuer knows it by");
  const domain = readDomain(text, problems);
  const wrongRegion = regionProblem(env.region);
  if (wrongRegion) problems.push(wrongRegion);
  if (problems.length > 0) throw new ConfigError(problems.join("; "));
  return {
    stage,
    sizes: sizes as Stage,
    region: env.region as string,
    ...(env.account ? { account: env.account } : {}),
    redis,
    events,
    upstashSecret,
    proxy,
    cloudfront,
    console: hasConsole === "true",
    ...(oidc ? { oidc } : {}),
    ...(domain ? { domain } : {}),
    origins: list(origins),
    callbackUrl,
    ...(alarmEmail ? { alarmEmail } : {}),
  };
}

type Text = (name: string) => string | undefined;

/** The stage's sizes; none if there is no such stage. */
function readSizes(stage: Stage | undefined, text: Text, problems: string[]): Stage | undefined {
  const sizes = structuredClone(stage);
  for (const [name, { rule, isValid, apply }] of Object.entries(SIZE_OPTIONS)) {
    const value = text(name);
    if (value === undefined) continue;
    if (!isValid(value)) problems.push(`${name} ${rule}, not ${value}`);
    else if (sizes) apply(sizes, value);
  }
  return sizes;
}

function readOidc(text: Text, problems: string[]): Config["oidc"] {
  const [issuer, audience] = [text("issuer"), text("audience")];
  if (issuer === undefined && audience === undefined) {
    if (text("tenantClaim")) problems.push("tenantClaim needs an issuer: Cognito's claim is tenant_id");
    if (text("consoleClientId")) problems.push("consoleClientId needs an issuer: Cognito's client is made");
    return undefined;
  }
  if (!issuer || !audience) problems.push("issuer and audience must be given together");
  if (issuer && !isHttps(issuer)) problems.push(`issuer must be an https URL, not ${issuer}`);
  const consoleClientId = text("consoleClientId");
  return {
    issuer: issuer ?? "",
    audience: list(audience ?? ""),
    tenantClaim: text("tenantClaim") ?? "tenant_id",
    ...(consoleClientId ? { consoleClientId } : {}),
  };
}

function readDomain(text: Text, problems: string[]): Config["domain"] {
  const [given, hostedZoneId] = [text("domain"), text("hostedZoneId")];
  if (given === undefined && hostedZoneId === undefined) return undefined;
  // What is no part of a name would be dropped from it without a word.
  const name = given && /^[\p{L}\p{M}\p{N}.-]+$/u.test(given) ? domainToASCII(given) : given;
  if (!given || !hostedZoneId) problems.push("domain and hostedZoneId must be given together");
  if (name && !DOMAIN.test(name))
    problems.push(`domain must be a name such as qr.example.com, not ${given?.replace(/\s+/g, " ")}`);
  if (hostedZoneId && !/^Z[A-Z0-9]{1,31}$/.test(hostedZoneId))
    problems.push(`hostedZoneId must be a zone's ID such as Z0123456789ABC, not ${hostedZoneId}`);
  return { name: name ?? "", hostedZoneId: hostedZoneId ?? "" };
}

function list(value: string): string[] {
  return value === "" ? [] : value.split(",").map((item) => item.trim());
}

function isHttps(value: string): boolean {
  return URL.canParse(value) && new URL(value).protocol === "https:";
}

function isCallback(value: string): boolean {
  return isHttps(value) || (URL.canParse(value) && new URL(value).origin.startsWith("http://localhost:"));
}

function isOrigin(value: string): boolean {
  return value === "*" || (URL.canParse(value) && /^https?:\/\/[^/]+$/.test(value));
}
