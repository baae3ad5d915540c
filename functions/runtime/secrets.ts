import type { RequestOptions } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeHttp } from "../../data/node-http.ts";
import type { Resource } from "../manifest.ts";
import { EnvironmentError, type EnvSource, processEnv } from "./env.ts";

/**
 * Where AWS's Parameters and Secrets extension answers inside a sandbox; it caches for five minutes, and spares the
 * function an SDK. https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
 */
const EXTENSION = "http://localhost:2773/secretsmanager/get";

const TIMEOUT_MS = 3_000;

/** Between attempts while the extension is not ready, which takes it some milliseconds into the first call. */
const RETRY_MS = 25;

/** The members of a secret that holds a JSON object of strings. @throws EnvironmentError if it can't be read */
export async function readSecret(arn: string): Promise<Record<string, string>> {
  try {
    const { SecretString } = JSON.parse(await askExtension(arn)) as { SecretString: string };
    return JSON.parse(SecretString) as Record<string, string>;
  } catch (error) {
    // A secret that is not JSON is quoted by the error that says so.
    const cause = error instanceof SyntaxError ? undefined : error;
    throw new EnvironmentError(`the secret ${arn} can't be read`, { cause });
  }
}

async function askExtension(arn: string): Promise<string> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const headers = { "X-Aws-Parameters-Secrets-Token": processEnv.AWS_SESSION_TOKEN ?? "" };
  for (;;) {
    const { status, body } = await get(`${EXTENSION}?secretId=${encodeURIComponent(arn)}`, {
      headers,
      signal,
    });
    if (status === 200) return body;
    // "not ready to serve traffic, please wait", with status 400
    if (!body.includes("not ready")) throw new Error(`status ${status}`);
    await sleep(RETRY_MS, undefined, { signal });
  }
}

function get(url: string, options: RequestOptions): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const request = nodeHttp().get(url, options, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
    });
    request.on("error", reject);
  });
}

/** Whether `withSecrets` has anything to read. */
export function needsSecrets(uses: readonly Resource[], source: EnvSource): boolean {
  return (
    (uses.includes("redis") && Boolean(source.UPSTASH_SECRET_ARN)) ||
    (uses.includes("visitors") && Boolean(source.VISITOR_KEY_SECRET_ARN))
  );
}

/** Adds the variables that `source` names a secret for, as far as `uses` needs them. */
export async function withSecrets(uses: readonly Resource[], source: EnvSource): Promise<EnvSource> {
  const { UPSTASH_SECRET_ARN: upstashArn, VISITOR_KEY_SECRET_ARN: visitorArn } = source;
  const [upstash, visitor] = await Promise.all([
    upstashArn && uses.includes("redis") ? readSecret(upstashArn) : undefined,
    visitorArn && uses.includes("visitors") ? readSecret(visitorArn) : undefined,
  ]);
  return {
    ...source,
    ...(upstash ? { UPSTASH_REDIS_REST_URL: upstash.url, UPSTASH_REDIS_REST_TOKEN: upstash.token } : {}),
    ...(visitor ? { VISITOR_KEY: visitor.key } : {}),
  };
}
