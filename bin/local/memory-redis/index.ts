import { RedisFailure, type RedisPort, type Reply } from "../../../data/redis/port.ts";
import { toBytes } from "./bytes.ts";
import { interpreter } from "./interpreter.ts";
import { CommandError, type Result, toReply } from "./reply.ts";
import { loadSnapshot, snapshotSaver } from "./snapshot.ts";
import { Store } from "./store.ts";

/** How often expired keys that are no longer read are removed. */
const SWEEP_INTERVAL_MS = 10_000;

export interface MemoryRedisOptions {
  /** The time in Unix milliseconds, `Date.now` unless given. */
  now?: () => number;

  /** Where to keep the state between runs: read at once, written a few seconds after a change and on `close`. */
  snapshotFile?: string;
}

export interface MemoryRedis extends RedisPort {
  /** Frees the memory of expired keys, as happens every few seconds anyway. Returns how many keys are left. */
  sweep(): number;
}

/**
 * Redis within this process, for a machine that has none: the commands that the service uses with the semantics
 * of Redis 7, and its Lua scripts unchanged. A command or script is atomic, as nothing in it waits.
 *
 * Throws if the snapshot file is there but can't be read; `close` rejects with the cause if it can't be written.
 * The timers don't keep the process alive.
 */
export function memoryRedis({ now = Date.now, snapshotFile }: MemoryRedisOptions = {}): MemoryRedis {
  const store = new Store(now);
  if (snapshotFile !== undefined) loadSnapshot(snapshotFile, store);
  const saver = snapshotFile === undefined ? undefined : snapshotSaver(snapshotFile, store);
  const { execute, script } = interpreter(store, () => saver?.changed());

  const sweep = () => {
    store.tick();
    return store.sweep();
  };
  const sweeping = setInterval(sweep, SWEEP_INTERVAL_MS).unref();
  let closed = false;

  function attempt(run: () => Result): Reply {
    if (closed) throw new RedisFailure("down", "closed");
    try {
      return toReply(run());
    } catch (error) {
      if (error instanceof CommandError) throw new RedisFailure("refused", error.code);
      throw new RedisFailure("refused", "ERR", { cause: error });
    }
  }

  return {
    command: async (name, ...args) => attempt(() => execute(name, args.map(toBytes))),
    script: async ({ sha1, source }, keys, args) =>
      attempt(() => script(sha1, toBytes(source), keys.map(toBytes), args.map(toBytes))),
    async close() {
      closed = true;
      clearInterval(sweeping);
      await saver?.save();
    },
    sweep,
  };
}
