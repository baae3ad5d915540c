import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { AuthorizedEvent } from "../../functions/http/tenancy.ts";
import { countOf } from "./request-head.ts";

export interface MatchedRequest {
  /** e.g. `GET /qr/{qrId}` */
  routeKey: string;
  path: string;
  rawQuery: string;
  pathParameters: Record<string, string>;
  requestId: string;
  body: Buffer | undefined;
}

/**
 * The event that API Gateway makes of a request to an HTTP API, payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function gatewayEvent(request: IncomingMessage, matched: MatchedRequest): AuthorizedEvent {
  const { routeKey, path, rawQuery, pathParameters, requestId, body } = matched;
  const headers = joinedHeaders(request);
  const now = Date.now();
  // Bytes that are not text are passed on unchanged, so that the reader sees what was sent.
  const isText = body === undefined || (isTextual(headers["content-type"]) && isUtf8(body));
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: rawQuery,
    headers,
    ...(rawQuery === "" ? {} : { queryStringParameters: joinedQuery(rawQuery) }),
    pathParameters,
    requestContext: {
      accountId: "000000000000",
      apiId: "local",
      domainName: headers.host ?? "localhost",
      domainPrefix: "local",
      http: {
        method: request.method ?? "GET",
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? "",
        userAgent: headers["user-agent"] ?? "",
      },
      requestId,
      routeKey,
      stage: "$default",
      time: logTime(now),
      timeEpoch: now,
    },
    isBase64Encoded: !isText,
    ...(body === undefined ? {} : { body: body.toString(isText ? "utf8" : "base64") }),
  };
}

let lastSecond = Number.NaN;
let lastTime = "";

/** `12/Mar/2020:19:03:58 +0000`, made once a second. */
function logTime(now: number): string {
  const second = Math.floor(now / 1_000);
  if (second !== lastSecond) {
    const [, day, month, year, time] = new Date(now).toUTCString().split(" ");
    lastTime = `${day}/${month}/${year}:${time} +0000`;
    lastSecond = second;
  }
  return lastTime;
}

function joinedHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name in request.headers) {
    const value = request.headers[name];
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(",") : value;
  }
  if (headers.authorization !== undefined && countOf("authorization", request.rawHeaders) > 1) {
    // Of several Node keeps the first alone. Whoever reads them has to see that there were more.
    headers.authorization = request.headersDistinct.authorization?.join(",") ?? headers.authorization;
  }
  return headers;
}

/** A parameter that is given twice arrives as one, joined by a comma. */
function joinedQuery(rawQuery: string): Record<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    const before = query.get(name);
    query.set(name, before === undefined ? value : `${before},${value}`);
  }
  // Defines each as a member of its own, whatever its name.
  return Object.fromEntries(query);
}

function isTextual(contentType = "text/plain"): boolean {
  return /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded|.*\+(json|xml)))/i.test(
    contentType,
  );
}
