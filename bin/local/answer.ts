import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "../../core/telemetry/log.ts";
import type { HttpHandler } from "../../functions/http/endpoint.ts";
import { matchRoute } from "../../functions/http/match-route.ts";
import { problemReply } from "../../functions/http/problem.ts";
import type { HttpReply } from "../../functions/http/reply.ts";
import { DEFAULT_ROUTE, type Route, type RouteName, routes } from "../../functions/manifest.ts";
import { type CorsRule, corsRule } from "./cors.ts";
import { gatewayEvent } from "./gateway-event.ts";
import { invocation } from "./invocation.ts";
import { type RateLimiter, tooManyRequests } from "./rate-limit.ts";
import { readBody } from "./read-body.ts";
import { checkHead } from "./request-head.ts";
import { requestTarget } from "./request-target.ts";
import type { SignIn } from "./sign-in/index.ts";
import type { Turn } from "./turns.ts";

/** The rule where no origin is named: made once, since every request asks it. */
const NO_ORIGINS = corsRule([]);

export type Handlers = Record<RouteName, HttpHandler>;

export interface GatewayOptions {
  handlers: Handlers;
  log: Log;
  /** Unless it says otherwise, no other origin's scripts may call the API. */
  cors?: CorsRule;
  /** Unless it says otherwise, there is no limit. */
  limit?: RateLimiter;
  /** Told how many milliseconds a handler took for its reply. */
  replied?(name: RouteName, ms: number, reply: HttpReply): void;
  /**
   * What this machine serves beside the API, such as the console: the reply to a path of its own, `undefined` for any
   * other. A route of the API never comes here.
   */
  beside?(request: IncomingMessage, path: string): HttpReply | undefined | Promise<HttpReply | undefined>;
  /** Signs people in, if anything does. */
  signIn?: SignIn;
  /** When a request that is no scan may begin. */
  turn: Turn;
}

/** What answers where no other route does. */
const NO_ROUTE = {
  route: routes.find(({ path }) => path === DEFAULT_ROUTE) as Route,
  pathParameters: {},
};

/** Answers a request as API Gateway with the functions behind it would; whatever fails becomes a reply, too. */
export async function answer(
  options: GatewayOptions,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<HttpReply> {
  const { cors = NO_ORIGINS, log } = options;
  const added: Record<string, string> = {};
  try {
    checkHead(request);
    const preflight = cors.preflight(request);
    if (preflight) return withHeaders(preflight, { "x-request-id": requestId });
    const reply = await routed(options, request, response, requestId, added);
    return cors.readable(request, withHeaders(reply, added));
  } catch (error) {
    const reply = problemReply(error, requestId, log);
    return cors.readable(request, withHeaders(reply, { ...added, "x-request-id": requestId }));
  }
}

/** @param added takes headers that the reply has to have, whatever becomes of the request */
async function routed(
  { handlers, limit, beside, replied, turn }: GatewayOptions,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  added: Record<string, string>,
): Promise<HttpReply> {
  const { path, rawQuery, authority } = requestTarget(request.url ?? "/");
  if (authority !== undefined) request.headers.host = authority;
  const match = matchRoute(request.method ?? "", path);
  const own = match ? undefined : await beside?.(request, path);
  if (own) return withHeaders(own, { "x-request-id": requestId });
  const { route, pathParameters } = match ?? NO_ROUTE;
  const routeKey = match ? `${request.method} ${match.path}` : DEFAULT_ROUTE;
  const taken = limit?.(routeKey, route);
  Object.assign(added, taken?.headers);
  if (taken?.retryAfterS !== undefined) return tooManyRequests(taken.retryAfterS, requestId);
  // Of whom the function will refuse unheard no body is read.
  const takes = route.scope && !request.headers.authorization ? undefined : route.body;
  const body = takes && (await readBody(request, response, takes));
  // A long query costs as much as a body.
  if (route.name !== "scan") await turn(!route.body && rawQuery === "");
  const event = gatewayEvent(request, {
    routeKey,
    path,
    rawQuery,
    pathParameters,
    requestId,
    body,
  });
  const name = route.name as RouteName;
  const start = performance.now();
  const reply = await handlers[name](event, invocation(requestId, route));
  replied?.(name, performance.now() - start, reply);
  return reply;
}

function withHeaders(reply: HttpReply, headers: Record<string, string>): HttpReply {
  if (Object.keys(headers).length === 0) return reply;
  return { ...reply, headers: { ...reply.headers, ...headers } };
}
