import type { Resource } from "../routes.ts";
import { EnvironmentError, type EnvSource, processEnv } from "./env.ts";

/**
 * Where AWS's Parameters and Secrets extension answers inside a sandbox; it caches for five minutes, and spares the
 * function an SDK. https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
 */
const EXTENSION = "http://localhost:2773/secretsmanager/get";

const TIMEOUT_MS = 3_000;

/** The members of a secret that holds a JSON object of strings. @throws EnvironmentError if it can't be read */
export async function readSecret(arn: string): Promise<Record<string, string>> {
  try {
    const response = await fetch(`${EXTENSION}?secretId=${encodeURIComponent(arn)}`, {
      headers: { "X-Aws-Parameters-Secrets-Token": processEnv.AWS_SESSION_TOKEN ?? "" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const { SecretString } = (await response.json()) as { SecretString: string };
    return JSON.parse(SecretString) as Record<string, string>;
  } catch (error) {
    throw new EnvironmentError(`the secret ${arn} can't be read`, { cause: error });
  }
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
