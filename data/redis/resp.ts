import { RedisFailure, type RedisPort } from "./port.ts";
import { respAddress } from "./resp/address.ts";
import { encoded } from "./resp/command.ts";
import { type Connection, openConnection } from "./resp/connection.ts";

/** Between attempts to connect, in milliseconds; longer each time. */
const RETRY_MS = 100;
const MAX_RETRY_MS = 1_000;

/**
 * Connects to a server that speaks RESP (ElastiCache for Valkey, Redis Cloud, a local `redis-server`).
 *
 * The connection is opened in the background and re-opened for ever; while it is down a command fails at once
 * instead of queueing, so that a request never waits for a server that is not there. No command is sent twice: one that
 * a broken connection may have carried out fails.
 *
 * @param url `redis://` or `rediss://`, with user, password and database number where needed
 * @param timeoutMs bound on connecting and on each command's reply, in milliseconds
 */
export function respRedis(url: string, timeoutMs: number): RedisPort {
  const address = respAddress(url);
  /** While it is open or being opened. */
  let connection: Connection | undefined;
  let attempts = 0;
  let retry: NodeJS.Timeout | undefined;
  let isClosed = false;

  const connect = () => {
    connection = openConnection(address, timeoutMs, {
      open() {
        attempts = 0;
      },
      end() {
        connection = undefined;
        if (isClosed) return;
        // The first attempt at once, for a server that has only ended an idle connection; then at most a second between
        // them: recovery is noticed soon, and a dead host costs one SYN a second.
        retry = setTimeout(connect, attempts === 0 ? 0 : Math.min(RETRY_MS * 2 ** attempts, MAX_RETRY_MS));
        attempts += 1;
      },
    });
  };
  connect();

  const notConnected = () => Promise.reject(new RedisFailure("down", "no connection"));
  return {
    command: (name, ...args) => connection?.pipeline.send(encoded([name, ...args])) ?? notConnected(),
    script: (script, keys, args) =>
      connection?.pipeline.send(evaluation("EVALSHA", script.sha1, keys, args), {
        code: "NOSCRIPT",
        command: () => evaluation("EVAL", script.source, keys, args),
      }) ?? notConnected(),
    async close() {
      isClosed = true;
      clearTimeout(retry);
      connection?.close();
    },
  };
}

function evaluation(name: string, script: string, keys: string[], args: string[]): string {
  return encoded([name, script, String(keys.length), ...keys, ...args]);
}
