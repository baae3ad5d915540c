import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const SCRIPT = join(import.meta.dirname, "terminal.py");

/** Of the pseudo-terminal. */
export const COLUMNS = 60;

/** Why a pseudo-terminal can't be had on this machine; `undefined` if it can. */
export function ptyMissing(): string | undefined {
  const { status } = spawnSync("python3", ["-c", "import fcntl, pty, termios; pty.openpty()"]);
  return status === 0 ? undefined : "no python3 with pty on the PATH";
}

/** Runs a Node program on a pseudo-terminal. @returns all that it showed, with what moves the cursor */
export async function onTerminal(
  args: readonly string[],
  env: Record<string, string>,
  cwd: string,
): Promise<{ code: number; shown: string }> {
  const child = spawn("python3", [SCRIPT, process.execPath, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let shown = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    shown += text;
  });
  const [code] = await once(child, "close");
  return { code, shown };
}
