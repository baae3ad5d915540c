import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { findRedisServer } from "../bin/local/redis-server.ts";

/** What a figure was measured on, in one line. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const redis = findRedisServer();
  const redisVersion = redis && /v=(\S+)/.exec(execFileSync(redis, ["--version"], { encoding: "utf8" }))?.[1];
  return [
    `${cpus().length} cores (${cpu?.model.trim() ?? "unknown"})`,
    `${memory} GiB`,
    `${process.platform} ${process.arch}`,
    `Node ${process.versions.node}`,
    `redis-server ${redisVersion ?? "none"}`,
  ].join(", ");
}
