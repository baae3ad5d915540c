import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { closeSync, fstatSync, openSync, readSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TAIL_BYTES = 2_000;

/** An unprivileged user for a server that refuses to run as root. */
export interface RunAs {
  uid: number;
  gid: number;
}

export interface Launch {
  command: string;
  args: string[];
  /** What the server is asked to end with, also when this process exits without having stopped it. */
  endSignal: "SIGINT" | "SIGTERM";
  /** File for the server's output, emptied first; without one, the output is only kept for `tail()`. */
  log?: string | undefined;
  as?: RunAs | undefined;
  /** Open files that the child finds as descriptors 3, 4, … */
  descriptors?: number[];
}

export interface ServerProcess {
  readonly pid: number;
  /** How the process ended ("exit code 1", "SIGKILL"); undefined while it runs. */
  readonly ending: string | undefined;
  /** Settles once the process has ended; never rejects. */
  readonly ended: Promise<void>;
  /** The last 2,000 bytes of what the process has written. */
  tail(): string;
  /** Sends `endSignal`, after `deadlineMs` SIGKILL, and waits for the end; does nothing if it has ended. */
  stop(deadlineMs: number): Promise<void>;
  /** SIGKILL, awaited. */
  kill(): Promise<void>;
  /** Lets this process exit although the child still runs (the child is then ended on exit). */
  unref(): void;
}

const running = new Map<ChildProcess, Launch["endSignal"]>();

function endAll(): void {
  for (const [child, signal] of running) child.kill(signal);
}

/**
 * Starts a program in a session of its own, so that a terminal's Ctrl-C reaches this process only, which then
 * stops its servers in the order it wants. They are also stopped when this process exits; an
 * unhandled signal skips "exit" listeners, so the entry point has to handle SIGINT, SIGTERM and SIGHUP.
 *
 * @throws what `spawn` reports, with its `code`: ENOENT, EACCES, EPERM …
 */
export async function launch({
  command,
  args,
  endSignal,
  log,
  as,
  descriptors = [],
}: Launch): Promise<ServerProcess> {
  const logFile = log ?? join(tmpdir(), `${randomUUID()}.log`);
  const output = openSync(logFile, "w+", 0o600);
  if (log === undefined) unlinkSync(logFile);
  let finalTail: string | undefined;
  const tail = () => finalTail ?? readTail(output);

  let child: ChildProcess;
  try {
    const { PATH, LD_LIBRARY_PATH } = process.env;
    child = spawn(command, args, {
      cwd: "/",
      detached: true,
      // The servers' behaviour must not depend on the locale, time zone or PG* variables of the caller's environment.
      env: { LC_ALL: "C", TZ: "UTC", ...(PATH && { PATH }), ...(LD_LIBRARY_PATH && { LD_LIBRARY_PATH }) },
      stdio: ["ignore", output, output, ...descriptors],
      ...as,
    });
    await once(child, "spawn");
  } catch (error) {
    closeSync(output);
    throw error;
  }

  if (running.size === 0) process.on("exit", endAll);
  running.set(child, endSignal);
  let ending: string | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once("exit", (code, signal) => {
      ending = signal ?? `exit code ${code}`;
      finalTail = readTail(output);
      closeSync(output);
      running.delete(child);
      if (running.size === 0) process.off("exit", endAll);
      resolve();
    });
  });

  const end = async (signal: NodeJS.Signals, deadlineMs: number) => {
    if (ending !== undefined) return;
    child.ref();
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
    await ended;
    clearTimeout(timer);
  };
  return {
    pid: child.pid as number,
    get ending() {
      return ending;
    },
    ended,
    tail,
    stop: (deadlineMs) => end(endSignal, deadlineMs),
    kill: () => end("SIGKILL", 0),
    unref: () => child.unref(),
  };
}

function readTail(descriptor: number): string {
  const { size } = fstatSync(descriptor);
  const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
  readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
  return buffer.toString().trim();
}
