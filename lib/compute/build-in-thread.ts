import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { BuildOptions } from "esbuild";

/** What the thread is sent. */
export interface BuildOrder {
  options: BuildOptions;
  /** Its only element becomes 1 when the build has ended. */
  ended: Int32Array;
}

/** What the thread says at the end: what went wrong, if anything. */
export type BuildResult = string | undefined;

/** A function takes less than a second; whoever waits here can't be interrupted otherwise. */
const TIMEOUT_MS = 60_000;

let thread: Worker | undefined;

/**
 * Bundles with `one-start-chunk.ts` and `builtin-modules.ts`. esbuild takes plugins only where it is awaited, while the CDK wants a bundle at once:
 * a thread builds, and this one waits for it.
 *
 * @throws Error if it can't be bundled
 */
export function buildInThread(options: BuildOptions): void {
  if (!thread) {
    // Options of this process (`-e`, `--input-type`) may be none of a thread's.
    thread = new Worker(new URL("./build-thread.ts", import.meta.url), { execArgv: [] });
    thread.unref();
  }
  const { port1: here, port2: there } = new MessageChannel();
  const ended = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  thread.postMessage({ order: { options, ended } satisfies BuildOrder, answer: there }, [there]);
  const waited = Atomics.wait(ended, 0, 0, TIMEOUT_MS);
  const problem = receiveMessageOnPort(here)?.message as BuildResult;
  here.close();
  if (waited === "timed-out") throw new Error(`esbuild did not end within ${TIMEOUT_MS} ms`);
  if (problem !== undefined) throw new Error(problem);
}
