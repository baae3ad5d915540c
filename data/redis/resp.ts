import { Redis } from "ioredis";
import { deadline } from "./deadline.ts";
import { type LuaScript, RedisFailure, type RedisPort, type Reply } from "./port.ts";

/**
 * Connects to a server that speaks RESP (ElastiCache for Valkey, Redis Cloud, a local `redis-server`).
 *
 * The connection is opened in the background and re-opened for ever; while it is down a command fails at once
 * instead of queueing, so that a request never waits for a server that is not there.
 *
 * @param url `redis://` or `rediss://`, with user, password and database number where needed
 * @param timeoutMs bound on connecting and on each command's reply, in milliseconds
 */
export function respRedis(url: string, timeoutMs: number): RedisPort {
  const redis = new Redis(url, {
    // The client's own deadlines for commands and sockets would take a late process for a late server.
    connectTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // The reply shapes of RESP2, which are those of the REST protocol and of Lua.
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    // The first attempt at once, for a server that has only ended an idle connection; then at most a second between
    // them: recovery is noticed soon, and a dead host costs one SYN a second.
    retryStrategy: (attempt) => (attempt === 1 ? 0 : Math.min(50 * 2 ** attempt, 1_000)),
  });
  // Callers get the failure from their command; without a listener each attempt would print it.
  redis.on("error", () => {});

  const attempt = async <T>(send: () => Promise<T>): Promise<T> => {
    // The client would send it once it is connected again, long after its caller has gone another way: a scan that
    // the database has captured and persisted meanwhile would be counted once more.
    if (redis.status === "reconnecting") throw new RedisFailure("down", "no connection");
    try {
      return await send();
    } catch (error) {
      throw respFailure(error);
    }
  };
  const ask = <T>(send: () => Promise<T>): Promise<T> => {
    writeTogether(redis);
    return inTime(redis, timeoutMs, send());
  };

  return {
    command: (name, ...args) => attempt(() => ask(() => redis.call(name, args) as Promise<Reply>)),
    script: (script, keys, args) => attempt(() => evaluate(redis, ask, script, keys, args)),
    close: async () => redis.disconnect(),
  };
}

/**
 * Lets the commands of all requests that have arrived by now leave in one write. Each write costs a system call and wakes the
 * server up, which takes longer than everything else that a request does.
 */
function writeTogether({ stream }: Redis): void {
  if (!stream || stream.writableCorked > 0) return;
  stream.cork();
  setImmediate(() => stream.uncork());
}

/**
 * A reply, or the failure that it did not come in time. A connection on which nothing at all came for twice that time
 * is replaced: one whose other end is gone for good looks as if its server was slow.
 */
function inTime<T>(redis: Redis, timeoutMs: number, reply: Promise<T>): Promise<T> {
  // There is none yet while the first connection is being opened.
  const asked: Redis["stream"] | undefined = redis.stream;
  const before = asked?.bytesRead ?? 0;
  return new Promise((resolve, reject) => {
    const answered = deadline(timeoutMs, () => {
      reject(new RedisFailure("timeout", "no reply within the deadline"));
      const { stream } = redis;
      if (asked && asked !== stream) return;
      deadline(timeoutMs, () => stream?.bytesRead === before && stream.destroy(new Error("silent")));
    });
    reply.finally(answered).then(resolve, reject);
  });
}

/** Sends the source only if the server answers in time that it does not know the script. */
function evaluate(
  redis: Redis,
  ask: (send: () => Promise<unknown>) => Promise<unknown>,
  script: LuaScript,
  keys: string[],
  args: string[],
): Promise<Reply> {
  return ask(() => redis.evalsha(script.sha1, keys.length, ...keys, ...args)).catch((error: unknown) => {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return ask(() => redis.eval(script.source, keys.length, ...keys, ...args));
  }) as Promise<Reply>;
}

/** An error reply starts with a code in capitals (`OOM …`); only the code is kept, the rest may hold values. */
function respFailure(error: unknown): RedisFailure {
  if (error instanceof RedisFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && error.name === "ReplyError") {
    return new RedisFailure("refused", /^[A-Z]+/.exec(message)?.[0] ?? "ERR");
  }
  return new RedisFailure("down", (error as NodeJS.ErrnoException).code ?? "no connection");
}
