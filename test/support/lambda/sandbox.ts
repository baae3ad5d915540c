import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type RuntimeApi, startRuntimeApi } from "./runtime-api.ts";

/** A bundle in a process of its own. */
export interface Sandbox {
  invoke: RuntimeApi["invoke"];
  /** What the function has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

const BOOTSTRAP = join(import.meta.dirname, "bootstrap.mjs");

/**
 * Runs `bundle` as Lambda would: a bare Node, with the environment that its template gives it and nothing else.
 *
 * @param environment the function's variables
 */
export async function startSandbox(bundle: string, environment: Record<string, string>): Promise<Sandbox> {
  const api: RuntimeApi = await startRuntimeApi();
  let output = "";
  const child: ChildProcess = spawn(process.execPath, [BOOTSTRAP, bundle], {
    env: { ...environment, AWS_LAMBDA_RUNTIME_API: api.address, AWS_SESSION_TOKEN: "test-session" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output += chunk;
    });
  }
  child.once("exit", (code, signal) => api.abandon(`the sandbox ended with ${code ?? signal}: ${output}`));
  return {
    invoke: api.invoke,
    output: () => output,
    async stop() {
      process.removeListener("exit", end);
      if (child.exitCode === null && child.signalCode === null) {
        end();
        await once(child, "exit");
      }
      await api.close();
    },
  };
}
