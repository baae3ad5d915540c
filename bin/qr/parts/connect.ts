import { type ClientOptions, QrClient } from "../../../clients/typescript/src/index.ts";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { Failure } from "./exit.ts";
import { reasonOf } from "./explain.ts";

const DEFAULT_URL = "http://localhost:3002";

/** What may stand in a header: a JWT or an API key has nothing else. */
const TOKEN = /^[\w.~+/=-]+$/;

/** Further attempts; the waits between them are two minutes at most, unless the service asks for longer ones. */
const RETRIES = 8;

/** Of one attempt, in milliseconds: longer than any function may take. */
const TIMEOUT_MS = 60_000;

/** A service that asks for a wait is noticed by whoever watches, if it takes as long as this, in milliseconds. */
const NOTABLE_WAIT_MS = 1_000;

/**
 * The client of the service that the variables name.
 *
 * @param onNotice is given a line when the service has to be waited for
 * @throws Failure if a variable is missing or malformed
 */
export function connect(env: EnvSource, onNotice: (line: string) => void = console.error): QrClient {
  const baseUrl = serviceUrl(env);
  const { QR_TOKEN: token, QR_TENANT: tenantId } = env;
  if (!token) throw new Failure(`QR_TOKEN is missing: a token or an API key${tokenHint(baseUrl)}`);
  if (!TOKEN.test(token))
    throw new Failure(
      `QR_TOKEN is no token and no API key: it holds white space or other signs${tokenHint(baseUrl)}`,
    );
  let hasAnswered = false;
  const options: ClientOptions = {
    baseUrl,
    token,
    ...(tenantId ? { tenantId } : {}),
    retries: RETRIES,
    timeoutMs: TIMEOUT_MS,
    async fetch(...request) {
      const reply = await fetch(...request);
      hasAnswered = true;
      return reply;
    },
    // Where nobody has ever answered, the address is wrong or nothing is started: waiting helps neither.
    retriesError: () => hasAnswered,
    onWait: (ms, reason) => {
      const said = typeof reason === "number" ? `the service said ${reason}` : reasonOf(reason);
      if (ms >= NOTABLE_WAIT_MS) onNotice(`${said}; waiting ${Math.ceil(ms / 1_000)} s`);
    },
  };
  return new QrClient(options);
}

/** @throws Failure if QR_URL is malformed */
export function serviceUrl(env: EnvSource): string {
  const text = env.QR_URL || DEFAULT_URL;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash;
  if (!isPlain)
    throw new Failure("QR_URL must be a URL such as https://qr.example.com, without credentials or a query");
  return text.replace(/\/+$/, "");
}

const tokenHint = (baseUrl: string) =>
  /^http:\/\/(localhost|127\.0\.0\.1)\b/.test(baseUrl)
    ? " (export QR_TOKEN=$(npm run -s token -- tenant_acme))"
    : "";
