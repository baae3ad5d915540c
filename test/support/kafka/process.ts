import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A child process of this one; ended with it, unless this one is itself ended by SIGKILL. */
export interface Process {
  /** Settles when the process has ended: its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Sends a signal; does nothing once the process has ended. */
  signal(name: NodeJS.Signals): void;
}

const running = new Set<ChildProcess>();

/**
 * Starts `command`, its output appended to `logFile`.
 *
 * @throws the error of the operating system if the command can't be started.
 */
export async function startProcess(
  command: string,
  args: readonly string[],
  logFile: string,
): Promise<Process> {
  endWithThisProcess();
  const log = openSync(logFile, "a");
  const child = spawn(command, args, { stdio: ["ignore", log, log] });
  closeSync(log);
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  running.add(child);
  return {
    ended: new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        running.delete(child);
        resolve(signal ?? code ?? 0);
      });
    }),
    signal: (name) => void child.kill(name),
  };
}

/** Whether `child` ends within `ms` milliseconds. */
export async function endedWithin(ms: number, child: Process): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  const inTime = await Promise.race([child.ended.then(() => true), late]);
  timer.abort();
  return inTime;
}

function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

let installed = false;

function endWithThisProcess(): void {
  if (installed) return;
  installed = true;
  process.on("exit", killAll);
  // A test runner ends its workers with SIGTERM, and a signal's default action skips "exit".
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      // Somebody else who listens shuts down in their own way, and comes to "exit".
      if (process.listenerCount(signal) > 0) return;
      killAll();
      process.kill(process.pid, signal);
    });
  }
}
