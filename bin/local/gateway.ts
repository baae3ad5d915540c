import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { HttpReply } from "../../functions/http/reply.ts";
import { answer, type GatewayOptions } from "./answer.ts";
import { Connections } from "./connections.ts";
import { dropRest, endLingering, newRequestId, refuseTunnel, refuseUnreadable } from "./refuse.ts";
import { turns } from "./turns.ts";

export type { GatewayOptions, Handlers } from "./answer.ts";

/** How long a client may take, in milliseconds. */
export interface Deadlines {
  /** Until a request's head is complete, from its first byte or the connection's start. */
  headersMs: number;
  /** Until all of a request has come. */
  requestMs: number;
  /** Between looks at the two above. */
  checkMs: number;
  /** For a connection on which nothing moves, such as a reply that its client does not read. */
  silenceMs: number;
}

/** Silence is longer than any route's own bound, and than API Gateway's 29 s. */
const DEADLINES: Deadlines = { headersMs: 10_000, requestMs: 20_000, checkMs: 1_000, silenceMs: 30_000 };

/** How long a request that is under way may hold up the end, in milliseconds. */
const CLOSE_DEADLINE_MS = 3_000;

const connectionsOf = new WeakMap<Server, Connections>();

/**
 * Opens the port, and asks clients to retry until `serveGateway` takes over.
 *
 * @throws Error in one line if the port can't be had
 */
export async function openPort(
  host: string,
  port: number,
  deadlines: Partial<Deadlines> = {},
): Promise<Server> {
  const { headersMs, requestMs, checkMs, silenceMs } = { ...DEADLINES, ...deadlines };
  const options = {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkMs,
    // A request without a host is refused as any other that is wrong, rather than by Node with an empty reply.
    requireHostHeader: false,
  };
  const server = createServer(options, (_request, response) => {
    response.writeHead(503, { "retry-after": "1" }).end("starting\n");
  });
  server.timeout = silenceMs;
  // A client that has sent its request and ends its side waits for the reply. Node's types leave the property out.
  Object.assign(server, { httpAllowHalfOpen: true });
  connectionsOf.set(server, new Connections(server));
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

/**
 * Plays API Gateway on one machine: HTTP in, payload-v2 events to the handlers, their replies out.
 *
 * @param server from `openPort`
 */
export function serveGateway(
  server: Server,
  { turn = turns(), ...given }: Partial<Pick<GatewayOptions, "turn">> & Omit<GatewayOptions, "turn">,
): void {
  const options = { ...given, turn };
  const connections = connectionsOf.get(server);
  if (!connections) throw new Error("the server is not from openPort");
  server.removeAllListeners("request");
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    if (!connections.begin(request, response)) return;
    if (options.signIn?.owns(pathOf(request))) {
      if (connections.aboutToReply(request, response)) response.shouldKeepAlive = false;
      options.signIn.handle(request, response).catch((error: unknown) => response.destroy(error as Error));
      return;
    }
    const requestId = newRequestId();
    answer(options, request, response, requestId)
      .then((reply) => send(request, response, reply, connections.aboutToReply(request, response)))
      .catch((error: unknown) => response.destroy(error as Error));
  };
  server.on("request", serve);
  // Node would ask for the body before anybody has looked whether it will be read.
  server.on("checkContinue", serve);
  // An unknown `Expect` is ignored and the request answered, instead of with Node's empty 417.
  server.on("checkExpectation", serve);
  server.on("connect", (_request, socket) => refuseTunnel(socket));
  server.on("clientError", (error, socket) =>
    connections.afterReplies(socket, () => refuseUnreadable(error, socket)),
  );
}

/**
 * Takes no new connections and answers what is under way, with `Connection: close`, unless that takes longer than
 * `deadlineMs`. Idempotent.
 */
export async function closeGateway(server: Server, deadlineMs = CLOSE_DEADLINE_MS): Promise<void> {
  await connectionsOf.get(server)?.stop(deadlineMs);
}

/** How this machine reaches a gateway that listens on `host`. */
export function gatewayUrl(host: string, port: string): string {
  if (["127.0.0.1", "0.0.0.0", "::1", "::"].includes(host)) return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function pathOf({ url = "/" }: IncomingMessage): string {
  return url.split("?", 1)[0] ?? "/";
}

/** @param isLast whether the connection ends with this reply */
function send(request: IncomingMessage, response: ServerResponse, reply: HttpReply, isLast: boolean): void {
  const { statusCode, headers, body: text = "" } = reply;
  // Text leaves in one piece with the head, which Node makes of it; bytes would be a second one.
  const body = reply.isBase64Encoded ? Buffer.from(text, "base64") : text;
  const hasBody = request.method !== "HEAD" && statusCode !== 204;
  if (isLast) {
    // Node says `Connection: close`, and calls this once the reply is written.
    response.shouldKeepAlive = false;
    if (!request.complete) dropRest(request);
    const { socket } = request;
    socket.destroySoon = () => endLingering(socket);
  }
  response.writeHead(
    statusCode,
    hasBody ? { ...headers, "content-length": Buffer.byteLength(body) } : headers,
  );
  // An empty body would be written by itself.
  response.end(hasBody && body.length > 0 ? body : undefined);
}
