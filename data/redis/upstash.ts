import { Redis } from "@upstash/redis";
import { deadline } from "./deadline.ts";
import { type LuaScript, RedisFailure, type RedisPort, type Reply } from "./port.ts";

/**
 * Connects to Upstash over its REST protocol (https://upstash.com/docs/redis/features/restapi).
 *
 * @param url the database's `https://` endpoint
 * @param token its REST token
 * @param timeoutMs bound on each call, in milliseconds
 */
export function upstashRedis(url: string, token: string, timeoutMs: number): RedisPort {
  const redis = new Redis({
    url,
    token,
    // A counter is the string "42" and must stay one; a value that looks like JSON must not become an object.
    automaticDeserialization: false,
    // Batching behind the caller's back may send a read after the write that follows it.
    enableAutoPipelining: false,
    enableTelemetry: false,
    // One attempt: the caller has a database to fall back on, and `retry: false` would make two.
    retry: { retries: 0 },
    // A function, since a static signal that has fired yields its reason as if it were the reply.
    signal: () => timeoutSignal(timeoutMs),
  });

  const attempt = async <T>(send: () => Promise<T>): Promise<T> => {
    try {
      return await send();
    } catch (error) {
      throw upstashFailure(error);
    }
  };

  return {
    command: (name, ...args) => attempt(() => redis.exec<Reply>([name, ...args])),
    script: (script, keys, args) => attempt(() => evaluate(redis, script, keys, args)),
    close: async () => {},
  };
}

/** `AbortSignal.timeout` would abort a reply that has arrived but that a busy process has not read yet. */
function timeoutSignal(timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  deadline(timeoutMs, () => controller.abort(new DOMException("no reply in time", "TimeoutError")));
  return controller.signal;
}

async function evaluate(redis: Redis, script: LuaScript, keys: string[], args: string[]): Promise<Reply> {
  const count = String(keys.length);
  try {
    return await redis.exec<Reply>(["EVALSHA", script.sha1, count, ...keys, ...args]);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return await redis.exec<Reply>(["EVAL", script.source, count, ...keys, ...args]);
  }
}

/** The client's messages hold the whole command with its values, so nothing but an error code is taken from them. */
function upstashFailure(error: unknown): RedisFailure {
  if (!(error instanceof Error)) return new RedisFailure("down", "unknown");
  if (error.name === "TimeoutError" || error.name === "AbortError") {
    return new RedisFailure("timeout", "no reply within the deadline");
  }
  if (error.name === "UpstashJSONParseError") return new RedisFailure("refused", "a reply that is not JSON");
  const code = /^[A-Z]{2,}\b/.exec(error.message)?.[0];
  return code ? new RedisFailure("refused", code) : new RedisFailure("down", "no connection");
}
