import { Redis } from "@upstash/redis";
import { httpPoster, PostTimeout } from "./http-post.ts";
import { type LuaScript, RedisFailure, type RedisPort, type Reply } from "./port.ts";
import { NotJson, upstashRequester } from "./upstash-requester.ts";

/** The client, with a way of its own to send what it is asked for. */
class Client extends Redis {
  // A counter is the string "42" and must stay one; a value that looks like JSON must not become an object.
  protected override opts = { automaticDeserialization: false };
}

/**
 * Connects to Upstash over its REST protocol (https://upstash.com/docs/redis/features/restapi).
 *
 * @param url the database's `https://` endpoint
 * @param token its REST token
 * @param timeoutMs bound on each call, in milliseconds
 */
export function upstashRedis(url: string, token: string, timeoutMs: number): RedisPort {
  const poster = httpPoster(new URL(url), timeoutMs);
  const redis = new Client(upstashRequester(poster, token));

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
    close: async () => poster.close(),
  };
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
  if (error instanceof PostTimeout) return new RedisFailure("timeout", "no reply within the deadline");
  if (error instanceof NotJson) return new RedisFailure("refused", "a reply that is not JSON");
  const code = error.name === "UpstashError" ? /^[A-Z]{2,}\b/.exec(error.message)?.[0] : undefined;
  return code ? new RedisFailure("refused", code) : new RedisFailure("down", "no connection");
}
