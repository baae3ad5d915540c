import { SCOPES } from "../../core/auth/scopes.ts";
import type { AuthorizedEvent } from "../../functions/http/tenancy.ts";
import { signedToken } from "./trusted-key.ts";

export interface GatewayRequest {
  method?: string;
  path?: string;
  /** Of a token that the trusted key signs; `null`: it carries none. */
  claims?: Record<string, unknown> | null;
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
  claims = { tenant_id: "tenant_a", scope: SCOPES.join(" ") },
  headers = {},
  sourceIp = "192.0.2.1",
  requestId = "request-1",
  ...members
}: GatewayRequest = {}): AuthorizedEvent {
  const own = claims && { authorization: `Bearer ${signedToken(claims)}` };
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
    },
    isBase64Encoded: false,
    ...members,
  } as unknown as AuthorizedEvent;
}
