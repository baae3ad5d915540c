/** One reply of a Redis server: bulk strings are strings, never parsed. */
export type Reply = string | number | null | Reply[];

/** A Lua script with the SHA-1 by which the server knows it; see `scripts.ts`. */
export interface LuaScript {
  readonly name: string;
  readonly source: string;
  readonly sha1: string;
}

/**
 * All that the cache layer asks of a Redis client. Both production adapters (RESP and Upstash's REST) and the
 * in-process stand-in implement it, and one conformance suite holds them to the same behaviour.
 *
 * Every method is one round trip and rejects with `RedisFailure`, whatever went wrong.
 */
export interface RedisPort {
  /** Sends one command, e.g. `command("GET", key)`. Rejects on an error reply. */
  command(name: string, ...args: string[]): Promise<Reply>;

  /** Runs a script by its SHA-1; a server that does not know it yet is sent the source. */
  script(script: LuaScript, keys: string[], args: string[]): Promise<Reply>;

  /** Ends connections. Idempotent. */
  close(): Promise<void>;
}

/**
 * Why Redis gave no usable reply:
 * `timeout` – no reply within the deadline; the command may still have been executed.
 * `down` – the server can't be reached, or the connection broke; the command may have been executed.
 * `refused` – the server answered with an error (out of memory, read-only, wrong type, wrong password …).
 * `open` – not tried, because the circuit breaker is open.
 */
export type RedisFailureReason = "timeout" | "down" | "refused" | "open";

/**
 * A reply that has to be a list, of this length where there is one.
 *
 * @throws RedisFailure if it is anything else: the peer is not a Redis server
 */
export function listOf(reply: Reply, length?: number): Reply[] {
  if (Array.isArray(reply) && (length === undefined || reply.length === length)) return reply;
  throw new RedisFailure("refused", "a reply of another shape");
}

/** The one error of the port. Its message never holds a command's keys or values, so it may be logged. */
export class RedisFailure extends Error {
  readonly reason: RedisFailureReason;

  constructor(reason: RedisFailureReason, detail: string, options?: ErrorOptions) {
    super(`redis ${reason}: ${detail}`, options);
    this.name = "RedisFailure";
    this.reason = reason;
  }
}
