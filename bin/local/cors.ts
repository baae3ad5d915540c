import type { IncomingMessage } from "node:http";
import { CORS } from "../../functions/http/cors.ts";
import type { HttpReply } from "../../functions/http/reply.ts";
import { type Env, EnvironmentError } from "../../functions/runtime/env.ts";

/** Cross-origin requests as an HTTP API of API Gateway treats them. */
export interface CorsRule {
  /** The answer to a preflight, which never reaches a route; `undefined` for any other request. */
  preflight(request: IncomingMessage): HttpReply | undefined;
  /** Any other reply, with what lets the request's origin read it. */
  readable(request: IncomingMessage, reply: HttpReply): HttpReply;
}

/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html, https://fetch.spec.whatwg.org/#http-cors-protocol
 *
 * @param origins that may call the API; `*` stands for any
 */
export function corsRule(origins: readonly string[]): CorsRule {
  const allowedOrigin = ({ headers: { origin } }: IncomingMessage): string | undefined =>
    origin === undefined ? undefined : ["*", origin].find((candidate) => origins.includes(candidate));
  return {
    preflight(request) {
      const { method, headers } = request;
      if (method !== "OPTIONS" || !headers.origin || !headers["access-control-request-method"])
        return undefined;
      const origin = allowedOrigin(request);
      return { statusCode: 204, headers: origin === undefined ? {} : permission(origin) };
    },
    readable(request, reply) {
      const origin = allowedOrigin(request);
      if (origin === undefined) return reply;
      const vary = [reply.headers.vary, "origin"].filter(Boolean).join(", ");
      const exposed = CORS.exposedHeaders.join(",");
      const added = { "access-control-allow-origin": origin, "access-control-expose-headers": exposed, vary };
      return { ...reply, headers: { ...reply.headers, ...added } };
    },
  };
}

/** Reads the variable. @throws EnvironmentError if it is no list of origins */
export function originsOf({ CORS_ORIGINS }: Env): string[] {
  const origins = CORS_ORIGINS?.split(",").map((origin) => origin.trim()) ?? [];
  if (origins.every((origin) => /^(\*|https?:\/\/[^/\s]+)$/.test(origin))) return origins;
  throw new EnvironmentError(
    "CORS_ORIGINS must be origins such as https://app.example.com, separated by commas",
  );
}

function permission(origin: string): Record<string, string> {
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-methods": CORS.methods.join(","),
    "access-control-allow-headers": CORS.requestHeaders.join(","),
    "access-control-max-age": String(CORS.maxAgeS),
    vary: "origin",
  };
}
