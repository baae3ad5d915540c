import { type MessagePort, parentPort } from "node:worker_threads";
import { build } from "esbuild";
import type { BuildOrder, BuildResult } from "./build-in-thread.ts";
import { builtinModules } from "./builtin-modules.ts";
import { oneStartChunk } from "./one-start-chunk.ts";

parentPort?.on("message", async ({ order, answer }: { order: BuildOrder; answer: MessagePort }) => {
  let problem: BuildResult;
  try {
    await build({ ...order.options, plugins: [builtinModules, oneStartChunk] });
  } catch (error) {
    problem = String(error);
  }
  answer.postMessage(problem);
  Atomics.store(order.ended, 0, 1);
  Atomics.notify(order.ended, 0);
});
