import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Account } from "./account.ts";
import type { FunctionAsset } from "./assets.ts";
import { type RuntimeApi, startRuntimeApi } from "./runtime-api.ts";

/** A function's asset in a process of its own. It serves one invocation at a time, as a sandbox of Lambda's does. */
export interface Sandbox {
  /** Rejects with the error that the function reports, or with what ended the sandbox. */
  invoke(event: unknown): Promise<unknown>;
  /** The function's files that had been loaded when it last answered. */
  loaded(): string[];
  stop(): Promise<void>;
}

export interface SandboxSurroundings {
  /** Whose secrets may be read from the first invocation on, and whose AWS answers. */
  account: Pick<Account, "secrets" | "aws" | "authorityFile">;
  /** Told each line that the function writes. */
  onLine?(line: string): void;
}

/** A sandbox ends with the process that started it, also where a test has failed to stop it. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

const BOOTSTRAP = join(import.meta.dirname, "bootstrap.mjs");

/**
 * Runs a function as Lambda would: a bare Node in the folder of its code, with the environment that its template gives
 * it, what Lambda itself sets, and nothing else.
 *
 * @param environment the template's variables, each with its value
 */
export async function startSandbox(
  asset: FunctionAsset,
  environment: Record<string, string>,
  { account, onLine = () => {} }: SandboxSurroundings,
): Promise<Sandbox> {
  const sessionToken = randomUUID();
  const api: RuntimeApi = await startRuntimeApi({
    functionName: asset.functionName,
    timeoutMs: asset.timeoutMs,
    onFirstInvocation: () => {
      if (asset.readsSecrets) account.secrets.admit(sessionToken);
    },
  });
  const child: ChildProcess = spawn(process.execPath, [BOOTSTRAP], {
    cwd: asset.folder,
    env: {
      ...environment,
      ...runtimeVariables(asset, account),
      AWS_SESSION_TOKEN: sessionToken,
      AWS_LAMBDA_RUNTIME_API: api.address,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream as NodeJS.ReadableStream }).on("line", (line) => {
      tail.splice(0, tail.length - 20);
      tail.push(line);
      onLine(line);
    });
  }
  running.add(child);
  child.once("close", (code, signal) =>
    api.abandon(`the sandbox ended with ${code ?? signal}: ${tail.join("\n")}`),
  );
  return {
    invoke: api.invoke,
    loaded: api.loaded,
    async stop() {
      running.delete(child);
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      await api.close();
    },
  };
}

/**
 * What Lambda sets by itself, as far as code may rely on it, and where AWS is and who vouches for it. The keys are
 * nobody's.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function runtimeVariables(
  asset: FunctionAsset,
  account: Pick<Account, "aws" | "authorityFile">,
): Record<string, string> {
  return {
    _HANDLER: asset.handler,
    LAMBDA_TASK_ROOT: asset.folder,
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: asset.functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(asset.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_FORMAT: "JSON",
    AWS_LAMBDA_LOG_LEVEL: "INFO",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL: account.aws.url,
    NODE_EXTRA_CA_CERTS: account.authorityFile,
    LANG: "en_US.UTF-8",
    PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    TZ: ":UTC",
  };
}
