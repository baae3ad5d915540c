import { problem } from "../../functions/http/problem.ts";
import type { HttpReply } from "../../functions/http/reply.ts";
import { DEFAULT_ROUTE, type Route } from "../../functions/manifest.ts";
import { type Env, EnvironmentError, type VariableName } from "../../functions/runtime/env.ts";

/** As a stage of API Gateway has it: requests a second, and at once. */
interface Limit {
  rate: number;
  burst: number;
}

interface Bucket {
  tokens: number;
  /** When it held so many, in milliseconds of the clock. */
  at: number;
}

/** A request's share of its route's limit. */
export interface Taken {
  /** `RateLimit` and `RateLimit-Policy`. https://www.ietf.org/archive/id/draft-ietf-httpapi-ratelimit-headers-10.html */
  headers: Record<string, string>;
  /** Whole seconds after which the next request may come; `undefined` if this one may. */
  retryAfterS: number | undefined;
}

/** Takes one request off a route's limit; `undefined` where the route has none. */
export type RateLimiter = (routeKey: string, route: Route) => Taken | undefined;

/**
 * Limits each route by a token bucket of its own, as API Gateway does: all callers share it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 *
 * @param now a clock that only goes forward, in milliseconds
 * @throws EnvironmentError naming a variable that is malformed
 */
export function rateLimiter(env: Env, now: () => number = () => performance.now()): RateLimiter {
  const limits = {
    scan: limitOf(env, "RATE_LIMIT_SCAN"),
    "no-route": limitOf(env, "RATE_LIMIT_NO_ROUTE"),
    other: limitOf(env, "RATE_LIMIT_OTHER"),
  };
  const buckets = new Map<string, Bucket>();
  return (routeKey, route) => {
    const name = route.path === DEFAULT_ROUTE ? "no-route" : route.name === "scan" ? "scan" : "other";
    const limit = limits[name];
    if (!limit) return undefined;
    const at = now();
    const { tokens, at: before } = buckets.get(routeKey) ?? { tokens: limit.burst, at };
    const held = Math.min(limit.burst, tokens + ((at - before) / 1_000) * limit.rate);
    const left = held >= 1 ? held - 1 : held;
    buckets.set(routeKey, { tokens: left, at });
    return {
      headers: headersOf(name, limit, left),
      retryAfterS: held >= 1 ? undefined : Math.ceil((1 - held) / limit.rate),
    };
  };
}

/** The refusal of a request that came too soon. */
export function tooManyRequests(retryAfterS: number, requestId: string): HttpReply {
  const reply = problem(
    "rate-limited",
    requestId,
    "this route has as many requests as it takes; come back later",
  );
  return {
    ...reply,
    headers: { ...reply.headers, "retry-after": String(retryAfterS), "x-request-id": requestId },
  };
}

function headersOf(name: string, { rate, burst }: Limit, left: number): Record<string, string> {
  return {
    "ratelimit-policy": `"${name}";q=${burst};w=${Math.ceil(burst / rate)}`,
    ratelimit: `"${name}";r=${Math.floor(left)};t=${Math.ceil((burst - left) / rate)}`,
  };
}

/** Reads `rate/burst`. No function knows these variables, so that none carries their check. */
function limitOf(env: Env, name: VariableName): Limit | undefined {
  const setting = env[name];
  if (setting === undefined) return undefined;
  if (!/^[1-9]\d{0,5}\/[1-9]\d{0,5}$/.test(setting)) {
    throw new EnvironmentError(`${name} must be a rate and a burst such as 100/200`);
  }
  const [rate = 1, burst = 1] = setting.split("/").map(Number);
  return { rate, burst };
}
