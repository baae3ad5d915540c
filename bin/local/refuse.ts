import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { nanoid } from "nanoid";
import type { ProblemKind } from "../../core/errors.ts";
import { problem } from "../../functions/http/problem.ts";

/** As long as API Gateway's own request IDs. */
const REQUEST_ID_LENGTH = 16;

/** How long a connection that was refused waits for its client to end it, in milliseconds. */
const LINGER_MS = 1_000;

/** How much of a refused body is read and dropped so that its client can still read the reply, in bytes. */
const MAX_DROPPED = 1024 * 1024;

export interface UnreadableError extends NodeJS.ErrnoException {
  /** The bytes with which it was noticed. */
  rawPacket?: Buffer;
}

/** An ID for a request, as API Gateway would give it. */
export function newRequestId(): string {
  return nanoid(REQUEST_ID_LENGTH);
}

/**
 * Answers what Node's HTTP parser has given up: bytes that are no HTTP request, a head that is larger than any API
 * would take, a request that did not come to its end in time.
 */
export function refuseUnreadable(error: UnreadableError, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) return;
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") {
    refuse(socket, "request-timeout", "request", "was not complete in time");
  } else if (error.code === "HPE_HEADER_OVERFLOW") {
    const message = "URL and headers must have at most 16 KiB";
    refuse(socket, "headers-too-large", largePart(error.rawPacket), message);
  } else refuse(socket, "invalid", "request", "is not a well-formed HTTP request");
}

/** CONNECT asks for a tunnel, which Node would close without a word. */
export function refuseTunnel(socket: Duplex): void {
  refuse(socket, "not-found", "request", "this is no proxy");
}

/**
 * Ends a connection and drops for a moment what its client still sends. To close it with bytes unread would reset
 * it, and the client might lose the reply (https://www.rfc-editor.org/rfc/rfc9112#section-9.6).
 */
export function endLingering(socket: Duplex): void {
  // Whoever resets the connection meanwhile wants no answer.
  socket.on("error", () => {});
  socket.resume();
  socket.end();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** Drops the rest of a body as it comes; of a large one no more is read, so that it costs neither memory nor time. */
export function dropRest(request: IncomingMessage): void {
  let dropped = 0;
  request.on("error", () => {});
  request.on("data", (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > MAX_DROPPED) request.pause();
  });
  request.resume();
}

/** Answers on a connection that Node's own server has given up, and ends it. */
function refuse(socket: Duplex, kind: ProblemKind, path: string, message: string): void {
  const requestId = newRequestId();
  const { statusCode, headers, body = "" } = problem(kind, requestId, message, [{ path, message }]);
  const lines = Object.entries({
    ...headers,
    "x-request-id": requestId,
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  }).map(([name, value]) => `${name}: ${value}`);
  socket.write(`HTTP/1.1 ${statusCode} Refused\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
  endLingering(socket);
}

/** Which part of a request's head is too large, as far as the bytes show that were read last. */
function largePart(packet: Buffer | undefined): string {
  const [line = "", ...rest] = (packet?.toString("latin1") ?? "").split("\r\n", 2);
  if (rest.length > 0) return "headers";
  if (!/^[A-Z]+ \//.test(line)) return "request";
  return line.includes("?") ? "query" : "path";
}
