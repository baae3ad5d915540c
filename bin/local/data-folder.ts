import { execFileSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Which server works on a data folder, and for whom. */
interface ServerRecord {
  pid: number;
  /** The process that started it: its parent for as long as that one lives. */
  owner: number;
  /** Text that only this server's command line has; a process ID alone may have been given to another one. */
  marker: string;
}

const POLL_MS = 25;

/**
 * Makes `folder` if it is absent.
 *
 * @throws Error, one line, if it can't be made or written to
 */
export function makeDataFolder(folder: string): void {
  usable(folder, () => {
    makeFolders(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  });
}

/** As `mkdirSync` with `recursive`, which never returns where the file system answers ENOENT, as /proc does. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Error("it is a file");
    return;
  }
  if (!existsSync(dirname(folder))) makeFolders(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Runs `step` on a data folder and makes one clear line of what the file system says against it. */
export function usable<T>(folder: string, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    const { code, path, message } = cause as NodeJS.ErrnoException;
    throw new Error(`Can't use ${folder} as a data folder: ${code ? `${code} at ${path}` : message}`, {
      cause,
    });
  }
}

const recordIn = (folder: string) => join(folder, "server.json");

/** Notes in the folder that this process runs the server `pid`; `marker` is a part of that server's command line. */
export function writeRecord(folder: string, pid: number, marker: string): void {
  writeFileSync(
    recordIn(folder),
    JSON.stringify({ pid, owner: process.pid, marker } satisfies ServerRecord),
    {
      mode: 0o600,
    },
  );
}

/** Takes the note back, unless it is a later server's. */
export function removeRecord(folder: string, pid: number): void {
  if (readRecord(recordIn(folder))?.pid === pid) rmSync(recordIn(folder), { force: true });
}

/**
 * Ends the server that was noted in `folder` if the process that started it is gone (killed before it could stop it):
 * two servers on the same files would destroy them. Gives its process ID, or undefined if there was none.
 *
 * @param deadlineMs after which it gets SIGKILL
 * @throws Error if the server belongs to a process that still runs, or doesn't end
 */
export async function endLeftBehind(
  folder: string,
  signal: "SIGINT" | "SIGTERM",
  deadlineMs: number,
): Promise<number | undefined> {
  const record = readRecord(recordIn(folder));
  const found = record && find(record);
  if (!record || !found) return undefined;
  if (found.parent === record.owner) {
    throw new Error(`The data folder ${folder} is in use by the running process ${record.owner}`);
  }
  process.kill(record.pid, signal);
  const killAt = Date.now() + deadlineMs;
  while (find(record)) {
    if (Date.now() > killAt + 5_000)
      throw new Error(`Process ${record.pid}, which uses the data folder ${folder}, does not end`);
    if (Date.now() > killAt) process.kill(record.pid, "SIGKILL");
    await sleep(POLL_MS);
  }
  return record.pid;
}

function readRecord(file: string): ServerRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // None, or cut off by a crash; the servers' own locks still hold.
    return undefined;
  }
}

function find({ pid, marker }: ServerRecord): { parent: number } | undefined {
  try {
    const { parent, command } = process.platform === "linux" ? fromProc(pid) : fromPs(pid);
    return ` ${command} `.includes(` ${marker} `) ? { parent } : undefined;
  } catch {
    return undefined;
  }
}

// Slim container images have no `ps`.
function fromProc(pid: number) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // pid (name) state parent …; the name may hold spaces and parentheses.
  const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  return { parent: Number(parent), command };
}

function fromPs(pid: number) {
  const line = execFileSync("ps", ["-ww", "-o", "ppid=,command=", "-p", String(pid)], {
    encoding: "utf8",
  }).trim();
  const space = line.indexOf(" ");
  return { parent: Number(line.slice(0, space)), command: line.slice(space + 1) };
}
