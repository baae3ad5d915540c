import middy from "@middy/core";
import httpJsonBodyParser from "@middy/http-json-body-parser";
import type { Context } from "aws-lambda";
import type { Actor } from "../../core/actor.ts";
import type { Scope } from "../../core/auth/scopes.ts";
import { DATABASE, Invalid, Unavailable } from "../../core/errors.ts";
import { QR_ID } from "../../core/ids.ts";
import { type BodyRouteName, routeNamed, type ScopedRouteName } from "../manifest.ts";
import type { Services } from "../runtime/services.ts";
import { authenticator } from "./authenticate.ts";
import { bodyBytes, bodyText } from "./body-text.ts";
import { withChallenge } from "./challenge.ts";
import { compressed } from "./compress.ts";
import { hasMoreValues } from "./count-values.ts";
import { refuseRepeatedParameters } from "./query.ts";
import type { HttpReply } from "./reply.ts";
import { type AuthorizedEvent, tenantOf } from "./tenancy.ts";

export type HttpHandler = (event: AuthorizedEvent, context: Context) => Promise<HttpReply>;

/** As much of the services as every endpoint uses. */
export type Telemetry = Pick<Services, "log" | "metrics">;

/** A request on behalf of a tenant. */
export interface TenantCall {
  tenantId: string;
  /** Who acts for it. */
  actor: Actor;
  /** What the caller may do; among them is the route's own. */
  scopes: readonly Scope[];
  event: AuthorizedEvent;
}

/**
 * The chain of a public endpoint: whatever is thrown becomes a problem, and every reply carries its request's ID.
 *
 * @param headers that each of its replies has, too
 */
export function publicEndpoint(
  services: Telemetry,
  handle: (event: AuthorizedEvent) => Promise<HttpReply>,
  headers: Readonly<Record<string, string>> = {},
): HttpHandler {
  return middy({ timeoutEarlyInMillis: 0 }).use(replies(services, headers)).handler(handle) as HttpHandler;
}

/** The chain of an endpoint that acts for a tenant: it knows its caller before it looks at anything else. */
export function tenantEndpoint(
  name: ScopedRouteName,
  services: Services,
  handle: (call: TenantCall) => Promise<HttpReply>,
): HttpHandler {
  const admit = admission(name, services);
  return middy({ timeoutEarlyInMillis: 0 })
    .use(challenge)
    .use(replies(services))
    .handler(async (event: AuthorizedEvent) => {
      const call = { ...(await admit(event)), event };
      refuseRepeatedParameters(event);
      return compressed(await handle(call), event);
    }) as HttpHandler;
}

/** The chain of an endpoint that acts for a tenant and takes a JSON object as its body, of the size that its route says. */
export function tenantBodyEndpoint(
  name: BodyRouteName,
  services: Services,
  handle: (call: TenantCall & { body: unknown }) => Promise<HttpReply>,
): HttpHandler {
  const admit = admission(name, services);
  const limits = routeNamed(name).body;
  const callers = new WeakMap<AuthorizedEvent, Admission>();
  return (
    middy({ timeoutEarlyInMillis: 0 })
      .use(challenge)
      .use(replies(services))
      .before(async (request) => {
        const event = request.event as AuthorizedEvent;
        callers.set(event, await admit(event));
        refuseRepeatedParameters(event);
        const text = bodyText(event, limits.maxBytes);
        if (hasMoreValues(text ?? "", limits.maxValues)) throw tooManyValues(limits.maxValues);
        Object.assign(event, { body: text, isBase64Encoded: false });
      })
      // Its type was checked where the body was read.
      .use(httpJsonBodyParser({ disableContentTypeCheck: true }))
      .handler(async (event: AuthorizedEvent) => {
        const call = { ...(callers.get(event) as Admission), event, body: event.body };
        return compressed(await handle(call), event);
      }) as unknown as HttpHandler
  );
}

/** The chain of an endpoint that acts for a tenant and takes bytes as its body, as many as its route says. */
export function tenantBytesEndpoint(
  name: BodyRouteName,
  services: Services,
  handle: (call: TenantCall & { bytes: Buffer }) => Promise<HttpReply>,
): HttpHandler {
  const { maxBytes } = routeNamed(name).body;
  return tenantEndpoint(name, services, (call) =>
    handle({ ...call, bytes: bodyBytes(call.event, maxBytes) }),
  );
}

type Admission = Omit<TenantCall, "event">;

/** Lets in who may call a route, for one tenant. What it rejects with is a reply. */
function admission(name: ScopedRouteName, services: Services) {
  const authenticate = authenticator(services);
  const { scope } = routeNamed(name);
  return async (event: AuthorizedEvent): Promise<Admission> => {
    const { tenants, ...caller } = await authenticate(event.headers.authorization, scope);
    return { ...caller, tenantId: tenantOf(event, { tenants }) };
  };
}

/** What HEAD gets: all that GET would, but the body. https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2 */
function withoutBody({ body: _body, isBase64Encoded: _isBase64Encoded, ...head }: HttpReply): HttpReply {
  return head;
}

/** The code that the path names. @throws Invalid if it can't be a code's ID */
export function qrIdOf(event: AuthorizedEvent): string {
  return checkedQrId(event.pathParameters?.qrId ?? "");
}

/** Text that is a code's ID. @throws Invalid if it can't be one */
export function checkedQrId(qrId: string): string {
  if (QR_ID.test(qrId)) return qrId;
  throw new Invalid([{ path: "qrId", message: `must match ${QR_ID.source}` }]);
}

interface MiddyRequest {
  event: AuthorizedEvent;
  response: HttpReply | null;
  error: unknown;
}

/** Names in a 401 and a 403 what it has to. Stands before `replies`, and so works on the problem that those have made. */
const challenge: middy.MiddlewareObj<AuthorizedEvent, HttpReply> = {
  onError: (request) => {
    const { response, event, error } = request;
    if (response) request.response = withChallenge(response, error, event.headers.authorization);
  },
};

function replies(
  { log, metrics }: Telemetry,
  headers: Readonly<Record<string, string>> = {},
): middy.MiddlewareObj<AuthorizedEvent, HttpReply> {
  const finish = (request: MiddyRequest) => {
    const { response: reply } = request;
    const { requestId, http } = request.event.requestContext;
    if (reply) {
      Object.assign(reply.headers, headers, { "x-request-id": requestId });
      if (http.method === "HEAD") request.response = withoutBody(reply);
    }
    metrics.flush();
  };
  return {
    after: (request) => finish(request as MiddyRequest),
    onError: async (request) => {
      if (request.error instanceof Unavailable && request.error.what === DATABASE)
        metrics.add("DatabaseErrors");
      // A scan that succeeds does not load it.
      const { problemReply } = await import("./problem.ts");
      request.response = problemReply(request.error, request.event.requestContext.requestId, log);
      finish(request as MiddyRequest);
    },
  };
}

/** Thousands of small values cost the parser, the schema and the reply milliseconds that block every other request. */
export function tooManyValues(maxValues: number): Invalid {
  return new Invalid([{ path: "body", message: `must hold at most ${maxValues} values` }]);
}
