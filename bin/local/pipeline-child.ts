import { type ChildProcess, fork } from "node:child_process";
import { setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { nanoid } from "nanoid";
import type { Env } from "../../functions/runtime/env.ts";
import { type Load, watchLoad } from "./load.ts";
import type { GatewayState, PipelineOrder, PipelineReport } from "./pipeline-process.ts";

/** A nice value that lets the scans, and Redis under them, go first where there are fewer processors than work. */
const NICE = 10;

/** Of the process: relay, consumer and housekeeping each wait for one statement at a time. */
const MAX_POOL_SIZE = 4;

/** Longer than the process gives itself, in milliseconds. */
const STOP_DEADLINE_MS = 10_000;

/** Before a process that has ended is followed by another, in milliseconds: doubled each time, up to the second. */
const MIN_PAUSE_MS = 100;
const MAX_PAUSE_MS = 10_000;

/** One that has run for this long has had no fault of its own at the start, in milliseconds. */
const LONG_RUN_MS = 60_000;

export interface PipelineChild {
  /** Settles once relay and consumer run, with one line for the person at the terminal; rejects if they can't. */
  readonly ready: Promise<string>;
  /** Ends the process, after the batch that is under way, and starts no other. Can be called again. */
  stop(): Promise<void>;
}

/**
 * Runs relay and consumer in a process beside this one, of lower priority, so that they take no time from the requests
 * that this one answers. One that ends by itself is followed by another for as long as it takes: what it had not finished
 * waits in the outbox.
 *
 * @param env checked variables, among them the address of a Redis outside of this process
 * @param name appears on the command line of the process
 * @param tell told, in a line each, that the process has ended and that it runs again
 */
export function startPipelineChild(env: Env, name: string, tell: (line: string) => void): PipelineChild {
  const stopping = new AbortController();
  const { signal } = stopping;
  const order: PipelineOrder = {
    env: { ...env, DATABASE_POOL_SIZE: String(Math.min(MAX_POOL_SIZE, Number(env.DATABASE_POOL_SIZE))) },
    holder: nanoid(),
  };
  let run = runOnce(name, order);
  let load: Load = "calm";
  const stopWatching = watchLoad((current) => {
    load = current;
    run.tell({ load });
  });

  async function watch(): Promise<void> {
    for (let pause = MIN_PAUSE_MS; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
      const startedAt = performance.now();
      const ending = await run.ended;
      if (signal.aborted) return;
      if (performance.now() - startedAt > LONG_RUN_MS) pause = MIN_PAUSE_MS;
      tell(`The relay's process has ended (${ending}): starting it again`);
      await sleep(pause, undefined, { signal });
      run = runOnce(name, order);
      run.tell({ load });
      run.ready.then(
        () => signal.aborted || tell("The relay's process runs again"),
        () => {},
      );
    }
  }

  const { ready } = run;
  // One that can't start at all is an error of the whole start.
  const watching = ready.then(watch).catch(() => {});
  return {
    ready,
    async stop() {
      stopping.abort();
      stopWatching();
      await run.stop();
      await watching;
    },
  };
}

interface Run {
  ready: Promise<string>;
  /** How it ended ("exit code 1: why", "SIGKILL"); never rejects. */
  ended: Promise<string>;
  tell(state: GatewayState): void;
  stop(): Promise<void>;
}

function runOnce(name: string, order: PipelineOrder): Run {
  // Under `node --watch` a process reports what it imports by messages to its parent, which is this one.
  const { WATCH_REPORT_DEPENDENCIES: _watched, ...env } = process.env;
  const child = fork(new URL("pipeline-process.ts", import.meta.url), [name], { env });
  const endNow = () => child.kill("SIGKILL");
  process.on("exit", endNow);
  lowerPriority(child);

  let failure: string | undefined;
  const { promise: ready, resolve, reject } = Promise.withResolvers<string>();
  const ended = new Promise<string>((settle) => {
    const onEnd = (how: string) => {
      process.off("exit", endNow);
      reject(new Error(failure ?? `the relay's process has ended (${how})`));
      settle(failure === undefined ? how : `${how}: ${failure}`);
    };
    child.once("error", (error) => onEnd(error.message));
    child.once("exit", (code, signal) => onEnd(signal ?? `exit code ${code}`));
  });
  ready.catch(() => {});
  child.on("message", (report: PipelineReport) => {
    if ("failed" in report) failure = report.failed;
    else resolve(report.ready);
  });
  // To a process that has just ended nothing can be sent, which its end tells.
  const send = (message: PipelineOrder | GatewayState) => void child.send(message, () => {});
  send(order);

  return {
    ready,
    ended,
    tell: send,
    async stop() {
      if (child.connected) child.disconnect();
      const timer = setTimeout(endNow, STOP_DEADLINE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** At once, while it has only one thread, from which the others take theirs. */
function lowerPriority({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, NICE);
  } catch {
    // It has ended already, which its end tells.
  }
}
