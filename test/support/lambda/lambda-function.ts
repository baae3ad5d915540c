import type { FunctionAsset } from "./assets.ts";
import { type Sandbox, type SandboxSurroundings, startSandbox } from "./sandbox.ts";

/** A function as Lambda runs it: a sandbox for each invocation that is under way, used again by the next. */
export interface LambdaFunction {
  invoke(event: unknown): Promise<unknown>;
  /** The files of its code that any of its sandboxes has loaded. */
  loaded(): Set<string>;
  /** Ends every sandbox; the next invocation is a cold start. */
  stop(): Promise<void>;
}

/** Bound on a function's sandboxes: each is a process. Further invocations wait. */
const CONCURRENCY = 3;

export function lambdaFunction(
  asset: FunctionAsset,
  environment: Record<string, string>,
  surroundings: SandboxSurroundings,
): LambdaFunction {
  const all = new Set<Promise<Sandbox>>();
  const started: Sandbox[] = [];
  const idle: Sandbox[] = [];
  const waiting: ((sandbox: Sandbox) => void)[] = [];

  async function take(): Promise<Sandbox> {
    const free = idle.pop();
    if (free) return free;
    if (all.size >= CONCURRENCY) return new Promise((resolve) => waiting.push(resolve));
    const starting = startSandbox(asset, environment, surroundings);
    all.add(starting);
    const sandbox = await starting;
    started.push(sandbox);
    return sandbox;
  }

  function giveBack(sandbox: Sandbox): void {
    const next = waiting.shift();
    if (next) next(sandbox);
    else idle.push(sandbox);
  }

  return {
    async invoke(event) {
      const sandbox = await take();
      try {
        return await sandbox.invoke(event);
      } finally {
        giveBack(sandbox);
      }
    },
    loaded: () => new Set(started.flatMap((sandbox) => sandbox.loaded())),
    async stop() {
      const ended = [...all];
      all.clear();
      idle.length = 0;
      started.length = 0;
      await Promise.all(ended.map(async (sandbox) => (await sandbox).stop()));
    },
  };
}
