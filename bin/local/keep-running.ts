/** A server that this process has started. */
export interface OwnServer {
  /** How it ended; undefined while it runs. */
  readonly ending: string | undefined;
  /** Settles once it has ended; never rejects. */
  readonly ended: Promise<void>;
  /** Does nothing if it has ended. */
  stop(): Promise<void>;
}

export interface KeepRunning<S extends OwnServer> {
  /** `Postgres`, say. */
  name: string;
  /** Starts it again, where it was, with what it has stored. */
  start(): Promise<S>;
  /** Told, in a line each, that it has ended and that it runs again. */
  tell(line: string): void;
  /** Told, in one line, that it can't be started again; nothing more is tried then. */
  onLost(reason: string): void;
  now?: () => number;
}

/** A server that ends more often than this within the time below does so whenever it runs. */
const MAX_ENDS = 5;
const RECENT_MS = 60_000;

/**
 * Starts a server again whenever it ends by itself: killed by a person, by the kernel for lack of memory, by a fault
 * of its own.
 *
 * @returns how to stop it for good
 */
export function keepRunning<S extends OwnServer>(first: S, options: KeepRunning<S>): () => Promise<void> {
  const { name, start, tell, onLost, now = Date.now } = options;
  let server = first;
  let isStopped = false;

  async function watch(): Promise<void> {
    let ends: number[] = [];
    for (;;) {
      await server.ended;
      if (isStopped) return;
      ends = [...ends.filter((time) => now() - time < RECENT_MS), now()];
      if (ends.length > MAX_ENDS) {
        throw new Error(`it ended ${ends.length} times within a minute, at last with ${server.ending}`);
      }
      tell(`${name} has ended (${server.ending}): starting it again`);
      server = await start();
      // What was stopped while it was being started must not outlive this process.
      if (isStopped) await server.stop();
      else tell(`${name} runs again`);
    }
  }

  const watching = watch().catch((error: Error) => {
    if (!isStopped) onLost(`${name} can't be kept running: ${error.message}`);
  });
  return async () => {
    isStopped = true;
    await server.stop();
    await watching;
  };
}
