import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { HttpConnection } from "../http-connection.ts";

/** A service that redirects and counts, with one code. */
export interface Peer {
  readonly port: number;
  /** What redirects: method, path and headers. */
  readonly request: Buffer;
  readonly status: number;
  /** The process that answers. */
  pid(): number;
  /** Processes which, with all below them, make up the service. */
  roots(): number[];
  /** SIGKILL to the process that answers, and the service once more. */
  killAndRestart(): Promise<void>;
  /** Redirects that it has counted for good, as it tells its users. */
  counted(): Promise<number>;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const POLL_MS = 50;

/** A program whose output is dropped, or handed to `onOutput`. */
export function run(
  command: string,
  args: string[],
  options: { cwd: string; env: Record<string, string> },
  onOutput?: (text: string) => void,
): ChildProcess {
  const env = { PATH: process.env.PATH ?? "", ...options.env };
  const child = spawn(command, args, { cwd: options.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => onOutput?.(String(chunk)));
  return child;
}

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** Waits until a request has the status that is right. @throws Error if the process ends, or that takes a minute */
export async function answers(
  { port, request, status }: Pick<Peer, "port" | "request" | "status">,
  child: ChildProcess,
) {
  let last = 0;
  for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; await sleep(POLL_MS)) {
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(" ")} ended with ${child.exitCode}`);
    const connection = await HttpConnection.open(port).catch(() => undefined);
    if (!connection) continue;
    last = (await connection.ask(request)).status;
    connection.close();
    if (last === status) return;
  }
  throw new Error(`${child.spawnargs.join(" ")} answers with ${last} instead of ${status}`);
}

/** Ticks of /proc's clocks: sysconf(_SC_CLK_TCK) is 100 on every Linux that Node runs on. */
const MICROS_PER_TICK = 10_000;

/** CPU time of processes that run and of all below them, in microseconds, from /proc. */
export function cpuMicros(roots: number[], withChildren: boolean): number {
  const processes = running();
  const counted = withChildren ? withAllBelow(roots, processes) : roots;
  return counted.reduce((sum, pid) => sum + (processes.get(pid)?.ticks ?? 0), 0) * MICROS_PER_TICK;
}

/** The processes that a process has started, and those that they have. */
export function processesBelow(root: number): number[] {
  return withAllBelow([root], running()).filter((pid) => pid !== root);
}

/** Ends processes of which some may have ended. */
export function endAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  }
}

type Processes = Map<number, { parent: number; ticks: number }>;

function running(): Processes {
  const processes: Processes = new Map();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      processes.set(Number(name), {
        parent: Number(fields[1]),
        ticks: Number(fields[11]) + Number(fields[12]),
      });
    } catch {
      // It has ended meanwhile.
    }
  }
  return processes;
}

function withAllBelow(roots: readonly number[], processes: Processes): number[] {
  const found = new Set(roots);
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const [pid, { parent }] of processes) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}
