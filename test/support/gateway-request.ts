import { renderedClaims } from "../../functions/http/gateway-claims.ts";
import type { AuthorizedEvent } from "../../functions/http/tenancy.ts";

/** A token that nobody signed: what a handler gets has been verified before. */
export function unsignedToken(claims: object): string {
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  return `${encoded({ alg: "RS256" })}.${encoded(claims)}.unsigned`;
}

export interface GatewayRequest {
  method?: string;
  path?: string;
  /** Of the verified token. `null`: nobody had to show one. */
  claims?: Record<string, unknown> | null;
  /** What API Gateway passes on of the claims, where that is not what it renders of them. */
  passedOn?: unknown;
  /** Over those that every request has; `undefined` leaves one out. */
  headers?: Record<string, string | undefined>;
  sourceIp?: string;
  requestId?: string;
  /** Any other member of the event. */
  [member: string]: unknown;
}

/**
 * The event that API Gateway sends a handler, payload format 2.0: a `GET /` of `tenant_a`, unless told otherwise.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function gatewayRequest({
  method = "GET",
  path = "/",
  claims = { tenant_id: "tenant_a" },
  passedOn,
  headers = {},
  sourceIp = "192.0.2.1",
  requestId = "request-1",
  ...members
}: GatewayRequest = {}): AuthorizedEvent {
  const own = claims && { authorization: `Bearer ${unsignedToken(claims)}` };
  const given = { "content-type": "application/json", ...own, ...headers };
  return {
    version: "2.0",
    routeKey: `${method} ${path}`,
    rawPath: path,
    rawQueryString: "",
    headers: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    requestContext: {
      requestId,
      http: { method, path, protocol: "HTTP/1.1", sourceIp, userAgent: headers["user-agent"] ?? "" },
      ...(claims ? { authorizer: authorizerOf(claims, passedOn) } : {}),
    },
    isBase64Encoded: false,
    ...members,
  } as unknown as AuthorizedEvent;
}

/** What API Gateway tells a handler of a token with these claims that it verified. */
export function authorizerOf(claims: Record<string, unknown>, passedOn?: unknown) {
  // As the token has them: without members that JSON leaves out.
  const inToken = JSON.parse(JSON.stringify(claims)) as Record<string, unknown>;
  return { jwt: { claims: passedOn ?? renderedClaims(inToken), scopes: null } };
}
