import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

const TIMEOUT_MS = 120_000;

/** Quiet, and soon at an end where there is no registry. */
export const PIP_OPTIONS = ["--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "15"];

/** pip under any of its names. @throws Error if there is none */
export async function findPip(): Promise<[string, ...string[]]> {
  for (const [command, ...args] of [["python3", "-m", "pip"], ["pip3"], ["pip"]] as [string, ...string[]][]) {
    try {
      await run(command, [...args, "--version"], { timeout: TIMEOUT_MS });
      return [command, ...args];
    } catch {}
  }
  throw new Error("no pip on this machine (python3-pip)");
}
