import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Endpoint, Trigger } from "../../functions/manifest.ts";
import type { EnvSource } from "../../functions/runtime/env.ts";

/** What the child is sent, and what it sends back. */
export interface Invocation {
  module: string;
  event: unknown;
  functionName: string;
  timeoutMs: number;
}
export type Outcome = { reply: unknown } | { error: string };

/**
 * Runs a bundle in a Node of its own, in its folder and with nothing but its variables, once. What it logs goes to
 * stderr.
 *
 * @returns what the function returns
 * @throws Error with what it failed with
 */
export async function invokeBundle(
  line: Endpoint | Trigger,
  folder: string,
  env: EnvSource,
  event: unknown,
): Promise<unknown> {
  const child = fork(join(import.meta.dirname, "child.ts"), {
    cwd: folder,
    env: { ...env, AWS_LAMBDA_FUNCTION_NAME: `qr-local-${line.name}`, POWERTOOLS_SERVICE_NAME: "qr-local" },
    // Its stdout is the function's log; ours is the reply alone.
    stdio: ["ignore", 2, 2, "ipc"],
  });
  const invocation: Invocation = {
    module: join(folder, "index.mjs"),
    event,
    functionName: line.name,
    timeoutMs: line.timeoutS * 1_000,
  };
  child.send(invocation);
  const [outcome] = (await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => [{ error: `the function ended its process with ${code}` }]),
  ])) as [Outcome];
  child.kill();
  if ("error" in outcome) throw new Error(outcome.error);
  return outcome.reply;
}
