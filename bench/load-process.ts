import { fork } from "node:child_process";
import { once } from "node:events";
import type { ClosedLoop, LoadResult } from "./closed-loop.ts";

/** A load of equal requests, as another process can be told it. */
export interface LoadOrder extends Omit<ClosedLoop, "request"> {
  /** The bytes of each request. */
  request: Uint8Array;
}

export type LoadReport = { ready: true } | { result: LoadResult } | { failed: string };

/** Runs a closed loop. @throws Error with the reply, if one has another status */
export type RunLoad = (load: LoadOrder) => Promise<LoadResult>;

/**
 * Starts clients in a process of their own for as long as `work` takes. They get only the time of the processors that nothing
 * else wants, as if they were on another machine: what is measured beside them waits for the server and not for them.
 */
export async function withLoadProcess<T>(work: (run: RunLoad) => Promise<T>): Promise<T> {
  const child = fork(new URL("children/load.ts", import.meta.url), { serialization: "advanced" });
  const ended = once(child, "exit");
  let answer = Promise.withResolvers<LoadReport>();
  child.on("message", (told: LoadReport) => answer.resolve(told));
  child.on("exit", (code, signal) => answer.reject(new Error(`load.ts ended (${code ?? signal})`)));
  try {
    await answer.promise;
    return await work(async (load) => {
      answer = Promise.withResolvers();
      child.send(load);
      const told = await answer.promise;
      if ("result" in told) return told.result;
      throw new Error("failed" in told ? told.failed : "load.ts is not ready");
    });
  } finally {
    answer.promise.catch(() => {});
    if (child.connected) child.disconnect();
    await ended;
  }
}
