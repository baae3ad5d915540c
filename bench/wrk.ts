import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { LoadResult } from "./closed-loop.ts";

const run = promisify(execFile);
const SCRIPT = new URL("wrk.lua", import.meta.url).pathname;

/** Requests by `wrk`: the same bytes as those of `ClosedLoop`, since a generator of one's own may flatter. */
export interface WrkLoad {
  port: number;
  connections: number;
  seconds: number;
  /** `path` of the n-th of so many requests that are sent in turn. */
  path(n: number): string;
  paths: number;
  userAgent: string;
}

/** wrk's version, "4.1.0 [epoll]"; undefined where there is none on the PATH. */
export async function wrkVersion(): Promise<string | undefined> {
  // It says its version with its usage, and exits with 1.
  const { stdout } = await run("wrk", ["--version"]).catch((error: { stdout?: string }) => error);
  return /^wrk (?:debian\/)?(\S+)/.exec(stdout ?? "")?.[1];
}

/**
 * One thread of `wrk`, as the project's own loop has one.
 *
 * @throws Error if a reply is an error, or a connection broke
 */
export async function wrk(
  load: WrkLoad,
): Promise<Omit<LoadResult, "latency"> & { p50: number; p99: number }> {
  const paths = Array.from({ length: load.paths }, (_, n) => load.path(n));
  const { stdout } = await run("wrk", [
    ...["--threads", "1", "--connections", String(load.connections)],
    ...["--duration", `${Math.ceil(load.seconds)}s`, "--timeout", "10s", "--script", SCRIPT],
    `http://127.0.0.1:${load.port}`,
    ...["--", load.userAgent, ...paths],
  ]);
  const summary: Summary = JSON.parse(stdout.slice(stdout.lastIndexOf("\n{")));
  if (summary.errors > 0) throw new Error(`wrk counts ${summary.errors} failures\n${stdout}`);
  return {
    requests: summary.requests,
    seconds: summary.micros / 1e6,
    p50: summary.p50Micros / 1_000,
    p99: summary.p99Micros / 1_000,
  };
}

/** What `wrk.lua` writes. */
interface Summary {
  requests: number;
  micros: number;
  errors: number;
  p50Micros: number;
  p99Micros: number;
}
