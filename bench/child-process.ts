import { fork } from "node:child_process";
import { once } from "node:events";
import { START_FLAGS } from "./start-flags.ts";

/** A server in a process of its own, so that its CPU time is its own. */
export interface ChildServer {
  readonly port: number;
  readonly pid: number;
  /** CPU time of the process since its start, all threads, in microseconds. */
  cpuMicros(): Promise<number>;
  /** Sets the process's clock, where it has one of its own. Unix ms. */
  setClock(now: number): Promise<void>;
  stop(): Promise<void>;
}

export type Question = "cpu" | "stop" | { clock: number };
export type Told = { port: number } | { cpuMicros: number } | { clock: number };

/**
 * Starts `file` of the folder `children` and waits until it reports its port.
 *
 * @throws Error if it ends before
 */
export async function startChild(file: string, env: Record<string, string>): Promise<ChildServer> {
  const child = fork(new URL(`children/${file}`, import.meta.url), {
    env: { PATH: process.env.PATH, ...env },
    execArgv: START_FLAGS,
  });
  let answer = Promise.withResolvers<Told>();
  child.on("message", (message: Told) => answer.resolve(message));
  child.on("exit", (code, signal) => answer.reject(new Error(`${file} ended (${code ?? signal})`)));
  const { port } = (await answer.promise) as { port: number };
  const ask = async (question: Question): Promise<Told> => {
    answer = Promise.withResolvers<Told>();
    child.send(question);
    return answer.promise;
  };
  return {
    port,
    pid: child.pid as number,
    async cpuMicros() {
      return ((await ask("cpu")) as { cpuMicros: number }).cpuMicros;
    },
    async setClock(now) {
      await ask({ clock: now });
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      ask("stop").catch(() => {});
      await ended;
    },
  };
}

/** Starts a child for as long as `work` takes. */
export async function withChild<T>(
  file: string,
  env: Record<string, string>,
  work: (child: ChildServer) => Promise<T>,
): Promise<T> {
  const child = await startChild(file, env);
  try {
    return await work(child);
  } finally {
    await child.stop();
  }
}
