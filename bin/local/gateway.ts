import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Context } from "aws-lambda";
import { nanoid } from "nanoid";
import { Invalid, type ProblemKind, ServiceError } from "../../core/errors.ts";
import type { Log } from "../../core/telemetry/log.ts";
import type { HttpHandler } from "../../functions/http/endpoint.ts";
import { problem, problemReply } from "../../functions/http/problem.ts";
import { type HttpReply, json } from "../../functions/http/reply.ts";
import type { Route, RouteName, Scope } from "../../functions/manifest.ts";
import type { Authorization } from "./authorizer.ts";
import { gatewayEvent } from "./gateway-event.ts";
import { matchRoute } from "./match-route.ts";
import { readBody } from "./read-body.ts";

export type Handlers = Record<RouteName, HttpHandler>;

export interface GatewayOptions {
  handlers: Handlers;
  authorize(authorization: string | undefined, scope: Scope): Promise<Authorization>;
  log: Log;
  /** Documents beside the API, by path, that anyone may read. */
  documents?: Record<string, unknown>;
}

/** As long as API Gateway's own request IDs. */
const REQUEST_ID_LENGTH = 16;

/** How long a request that is under way may hold up the end, in milliseconds. */
const CLOSE_DEADLINE_MS = 3_000;

/** How long a connection that was refused waits for its client to end it, in milliseconds. */
const LINGER_MS = 1_000;

/**
 * Opens the port, and tells clients to come back until `serveGateway` takes over.
 *
 * @throws Error in one line if the port can't be had
 */
export async function openPort(host: string, port: number): Promise<Server> {
  // A request without a host is refused as any other that is wrong, rather than by Node with an empty reply.
  const server = createServer({ requireHostHeader: false }, (_request, response) => {
    response.writeHead(503, { "retry-after": "1" }).end("starting\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new Error(`can't listen on ${host}:${port}: ${reasonOf(error)}`)),
    );
    server.listen(port, host, resolve);
  });
  return server;
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === "EADDRINUSE") return "the port is taken; set PORT to another one";
  return code ?? message;
}

/** Plays API Gateway on one machine: HTTP in, payload-v2 events to the handlers, their replies out. */
export function serveGateway(server: Server, options: GatewayOptions): void {
  server.removeAllListeners("request");
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    const requestId = nanoid(REQUEST_ID_LENGTH);
    answer(options, request, requestId)
      .catch((error: unknown) => {
        const reply = problemReply(error, requestId, options.log);
        return { ...reply, headers: { ...reply.headers, "x-request-id": requestId } };
      })
      .then((reply) => send(request, response, reply))
      .catch((error: unknown) => response.destroy(error as Error));
  };
  server.on("request", serve);
  // Whoever expects more than this server knows of gets an answer all the same, and no empty 417 of Node's.
  server.on("checkExpectation", serve);
  server.on("connect", (_request, socket) => refuseTunnel(socket));
  server.on("clientError", refuseUnreadable);
}

/** Takes no more, and answers what is under way unless that takes longer than three seconds. Idempotent. */
export async function closeGateway(server: Server): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_DEADLINE_MS);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearTimeout(deadline);
}

/** How this machine reaches a gateway that listens on `host`. */
export function gatewayUrl(host: string, port: string): string {
  if (["127.0.0.1", "0.0.0.0", "::1", "::"].includes(host)) return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

async function answer(
  { handlers, authorize, documents = {} }: GatewayOptions,
  request: IncomingMessage,
  requestId: string,
): Promise<HttpReply> {
  if (request.headers.host === undefined && request.httpVersion === "1.1") {
    throw new Invalid([{ path: "host", message: "is required" }]);
  }
  const [path = "/", rawQuery = ""] = splitOnce(request.url ?? "/", "?");
  const match = matchRoute(request.method ?? "", path);
  if (!match && request.method === "GET" && Object.hasOwn(documents, path)) {
    return json(200, documents[path], { "x-request-id": requestId });
  }
  if (!match) throw new ServiceError("not-found", "there is no such route");
  const { route, pathParameters } = match;
  const authorization = route.scope && (await authorize(authorizationOf(request), route.scope));
  if (authorization && !authorization.allowed) return refusal(authorization, requestId);
  const event = gatewayEvent(request, {
    routeKey: `${request.method} ${route.path}`,
    path,
    rawQuery,
    pathParameters,
    requestId,
    jwt: authorization?.jwt,
    body: await readBody(request),
  });
  return handlers[route.name as RouteName](event, invocation(requestId, route));
}

/** Repeated headers joined by a comma, as API Gateway does; `request.headers` would hold the first of them alone. */
function authorizationOf(request: IncomingMessage): string | undefined {
  return request.headersDistinct.authorization?.join(",");
}

function refusal(
  { status, detail }: Extract<Authorization, { allowed: false }>,
  requestId: string,
): HttpReply {
  const reply = problem(status === 401 ? "unauthenticated" : "forbidden", requestId, detail);
  const challenge = status === 403 ? { "www-authenticate": 'Bearer error="insufficient_scope"' } : {};
  return { ...reply, headers: { ...reply.headers, ...challenge, "x-request-id": requestId } };
}

/** As much of an invocation's context as the handlers use. */
function invocation(requestId: string, route: Route): Context {
  const deadline = Date.now() + route.timeoutS * 1_000;
  return {
    awsRequestId: requestId,
    functionName: route.name,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  } as Context;
}

function send(request: IncomingMessage, response: ServerResponse, reply: HttpReply): void {
  const body = Buffer.from(reply.body ?? "", reply.isBase64Encoded ? "base64" : "utf8");
  const hasBody = request.method !== "HEAD" && reply.statusCode !== 204;
  const { statusCode, headers } = reply;
  response.writeHead(statusCode, hasBody ? { ...headers, "content-length": body.length } : headers);
  // An empty body would be written by itself.
  response.end(hasBody && body.length > 0 ? body : undefined);
  // Whatever the client is still sending of a body that was refused must not be read as the next request.
  if (!request.complete) response.once("finish", () => request.socket.destroySoon());
}

interface UnreadableError extends NodeJS.ErrnoException {
  /** The bytes with which it was noticed. */
  rawPacket?: Buffer;
}

/** Bytes that are no HTTP request, or whose headers or URL are larger than any API would take. */
function refuseUnreadable(error: UnreadableError, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) return;
  if (error.code === "HPE_HEADER_OVERFLOW") {
    refuse(
      socket,
      "headers-too-large",
      largePart(error.rawPacket),
      "URL and headers must have at most 16 KiB",
    );
  } else refuse(socket, "invalid", "request", "is not a well-formed HTTP request");
}

/** CONNECT asks for a tunnel, which Node would close without a word. */
function refuseTunnel(socket: Duplex): void {
  refuse(socket, "not-found", "request", "this is no proxy");
}

/** Answers on a connection that Node's own server has given up, and ends it. */
function refuse(socket: Duplex, kind: ProblemKind, path: string, message: string): void {
  const requestId = nanoid(REQUEST_ID_LENGTH);
  const { statusCode, headers, body = "" } = problem(kind, requestId, message, [{ path, message }]);
  const lines = Object.entries({
    ...headers,
    "x-request-id": requestId,
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  }).map(([name, value]) => `${name}: ${value}`);
  // Whoever resets the connection meanwhile wants no answer.
  socket.on("error", () => {});
  // Nobody else reads on, to see the client's end; and who does not end must not hold up the gateway's.
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.end(`HTTP/1.1 ${statusCode} Refused\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** Which part of a request's head is too large, as far as the bytes show that were read last. */
function largePart(packet: Buffer | undefined): string {
  const [line = "", ...rest] = (packet?.toString("latin1") ?? "").split("\r\n", 2);
  if (rest.length > 0) return "headers";
  if (!/^[A-Z]+ \//.test(line)) return "request";
  return line.includes("?") ? "query" : "path";
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
