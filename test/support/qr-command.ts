import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { SCOPES } from "../../core/auth/scopes.ts";
import type { TestStack } from "./test-stack.ts";

const ROOT = join(import.meta.dirname, "../..");

export interface QrRun {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Settles with the exit code, or the signal that ended it. */
  ended: Promise<number | string>;
}

export interface QrResult {
  code: number | string;
  stdout: string;
  stderr: string;
}

/** Starts `qr` with these variables only, its output piped. */
export function startQr(args: readonly string[], env: Record<string, string>, cwd = ROOT): QrRun {
  const child = spawn(process.execPath, [join(ROOT, "bin/qr/main.ts"), ...args], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const ended = once(child, "close").then(([code, signal]) => signal ?? code);
  return { child, stdout: () => stdout, stderr: () => stderr, ended };
}

/** Runs `qr` to its end. */
export async function runQr(
  args: readonly string[],
  env: Record<string, string>,
  cwd?: string,
): Promise<QrResult> {
  const run = startQr(args, env, cwd);
  return { code: await run.ended, stdout: run.stdout(), stderr: run.stderr() };
}

let tenants = 0;

/** A tenant of its own, and `qr` on its behalf in a folder of its own below `parent`. */
export async function newQrTenant(stack: TestStack, parent: string) {
  const tenant = `tenant_${tenants++}`;
  const env = { QR_URL: stack.baseUrl, QR_TOKEN: await stack.issuer.issue([tenant], SCOPES) };
  const cwd = join(parent, tenant);
  mkdirSync(cwd);
  return {
    tenant,
    env,
    cwd,
    qr: (...args: string[]) => runQr(args, env, cwd),
    start: (...args: string[]) => startQr(args, env, cwd),
  };
}
