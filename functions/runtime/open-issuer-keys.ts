import { type FetchedKeys, type IssuerKeys, issuerKeys } from "../../core/auth/issuer-keys.ts";
import { warnOncePerMinute } from "../../core/telemetry/repeated-warning.ts";
import { type Env, required } from "./env.ts";
import type { Services } from "./services.ts";

/** An issuer answers within a quarter of a second; a request that waits for it has other things to do, too. */
const TIMEOUT_MS = 2_000;

/** The keys of the configured issuer, which are kept for as long as they are good. */
export function openIssuerKeys({ env, log, now }: Pick<Services, "env" | "log" | "now">): IssuerKeys {
  const fetchKeys = fetchIssuerKeys(env);
  return issuerKeys(async () => {
    try {
      return await fetchKeys();
    } catch (error) {
      warnOncePerMinute(log, "the keys of the issuer of tokens can't be read", error);
      throw error;
    }
  }, now);
}

/**
 * Fetches the keys from `TOKEN_KEYS_URL`, or where the issuer's OpenID configuration says.
 * https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 */
export function fetchIssuerKeys(env: Env): () => Promise<FetchedKeys> {
  const issuer = required(env, "TOKEN_ISSUER");
  let keysUrl = env.TOKEN_KEYS_URL;
  return async () => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    keysUrl ??= await discovered(issuer, signal);
    const reply = await answer(keysUrl, signal);
    return { jwks: await reply.json(), maxAgeS: maxAgeOf(reply.headers.get("cache-control")) };
  };
}

async function discovered(issuer: string, signal: AbortSignal): Promise<string> {
  const reply = await answer(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, signal);
  const { issuer: named, jwks_uri: keysUrl } = (await reply.json()) as Record<string, unknown>;
  if (named !== issuer) throw new Error("the OpenID configuration is another issuer's");
  if (typeof keysUrl !== "string" || !/^https?:\/\//.test(keysUrl))
    throw new Error("the OpenID configuration names no keys");
  return keysUrl;
}

async function answer(url: string, signal: AbortSignal): Promise<Response> {
  const reply = await fetch(url, { signal, headers: { accept: "application/json" } });
  if (!reply.ok) throw new Error(`status ${reply.status}`);
  return reply;
}

function maxAgeOf(cacheControl: string | null): number | undefined {
  const seconds = /\bmax-age=(\d+)/i.exec(cacheControl ?? "")?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
