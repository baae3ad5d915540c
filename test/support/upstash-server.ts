import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { Redis, ReplyError } from "ioredis";

// Not @humanwhocodes/upstash-redis-server 1.0.0: no base64 replies, no /multi-exec, /pipeline without a check of the
// token, status 500 with a text of its own before the error, and its Redis connection can't be closed.

export interface UpstashServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

type Command = [name: string, ...args: string[]];
type Outcome = { result: unknown } | { error: string };

/** On the connection that all requests share, these would change what the next request gets. */
const UNAVAILABLE =
  /^(AUTH|CLIENT|DISCARD|EXEC|HELLO|MONITOR|MULTI|QUIT|RESET|SELECT|UNWATCH|WAIT|WATCH|B.*(POP|MOVE|PUSH).*|[PS]?SUBSCRIBE)$/;

/**
 * Serves the Redis at `redisUrl` by Upstash's REST protocol (https://upstash.com/docs/redis/features/restapi):
 * `POST /`, `/pipeline` and `/multi-exec` with JSON arrays. Each command of a request becomes one Redis command, and
 * while Redis is away a request is answered with 503 at once.
 *
 * @throws Error if Redis doesn't answer
 */
export async function startUpstashServer(
  redisUrl: string,
  token: string = randomBytes(16).toString("hex"),
): Promise<UpstashServer> {
  const redis = new Redis(redisUrl, {
    // Upstash's replies have the RESP2 shapes: a hash is a flat array.
    protocol: 2,
    lazyConnect: true,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    disableClientInfo: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 50,
  });
  redis.on("error", () => {});
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw error;
  }

  const server = createServer(async (request, response) => {
    const [status, body] = await handle(redis, token, request).catch(
      (error: unknown) => [503, { error: String(error) }] as const,
    );
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    async stop() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
      redis.disconnect();
    },
  };
}

async function handle(redis: Redis, token: string, request: IncomingMessage) {
  if (request.headers.authorization !== `Bearer ${token}`) {
    request.resume();
    return [401, { error: "WRONGPASS invalid or missing auth token" }] as const;
  }
  const encode = request.headers["upstash-encoding"] === "base64" ? base64 : text;
  const body = await json(request).catch(() => undefined);
  const many = request.url === "/pipeline" || request.url === "/multi-exec";
  const commands = parse(many ? body : [body]);
  if (request.method !== "POST" || !(many || request.url === "/") || !commands) {
    return [400, { error: "ERR failed to parse command" }] as const;
  }
  if (request.url === "/multi-exec") {
    const answer = await transaction(redis, commands, encode);
    return [Array.isArray(answer) ? 200 : 400, answer] as const;
  }
  const outcomes = await Promise.all(commands.map((command) => run(redis, command, encode)));
  if (many) return [200, outcomes] as const;
  const [outcome] = outcomes;
  return [outcome && "result" in outcome ? 200 : 400, outcome] as const;
}

/** Commands that are sent in the same tick reach Redis in this order, with nobody's in between. */
async function transaction(redis: Redis, commands: Command[], encode: (value: unknown) => unknown) {
  const refused = commands.find(([name]) => UNAVAILABLE.test(name));
  if (refused) return { error: unavailable(refused) };
  const calls = [["MULTI"] as Command, ...commands, ["EXEC"] as Command].map(([name, ...args]) =>
    redis.callBuffer(name, ...args),
  );
  const settled = await Promise.allSettled(calls);
  const last = settled.at(-1);
  if (last?.status !== "fulfilled") return replyError(last?.reason);
  return (last.value as unknown[]).map(
    (value): Outcome =>
      value instanceof Error ? { error: value.message } : { result: topLevel(value, encode) },
  );
}

async function run(redis: Redis, command: Command, encode: (value: unknown) => unknown): Promise<Outcome> {
  const [name, ...args] = command;
  if (UNAVAILABLE.test(name)) return { error: unavailable(command) };
  try {
    return { result: topLevel(await redis.callBuffer(name, ...args), encode) };
  } catch (error) {
    return replyError(error);
  }
}

function replyError(error: unknown): { error: string } {
  if (error instanceof ReplyError) return { error: (error as Error).message };
  throw error;
}

const unavailable = ([name]: Command) => `ERR Command is not available: '${name}'`;

function parse(body: unknown): Command[] | undefined {
  if (!Array.isArray(body) || body.length === 0) return undefined;
  if (!body.every((command) => Array.isArray(command) && typeof command[0] === "string")) return undefined;
  // Upstash takes JSON numbers and booleans as arguments, too; and ioredis reshapes the replies of commands that it
  // knows by their lower-case name, HGETALL's for one.
  return body.map(([name, ...args]) => [name.toUpperCase(), ...args.map(String)]);
}

// Upstash's own exception: the client expects the status "OK" as it is.
const topLevel = (value: unknown, encode: (value: unknown) => unknown) =>
  Buffer.isBuffer(value) && value.toString() === "OK" ? "OK" : encode(value);

const base64 = (value: unknown): unknown => mapStrings(value, (buffer) => buffer.toString("base64"));
const text = (value: unknown): unknown => mapStrings(value, (buffer) => buffer.toString());

function mapStrings(value: unknown, map: (buffer: Buffer) => string): unknown {
  if (Buffer.isBuffer(value)) return map(value);
  return Array.isArray(value) ? value.map((item) => mapStrings(item, map)) : value;
}
