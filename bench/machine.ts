import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { findRedisServer } from "../bin/local/redis-server.ts";

/** The processor's name without its trademarks and clock: "AMD EPYC", "Intel Xeon Platinum 8375C". */
export function processorName(model = cpus()[0]?.model ?? "unknown"): string {
  return model
    .replace(/\((R|TM)\)/gi, "")
    .replace(/@.*$|\bCPU\b|\b\d+-Core\b|\bProcessor\b/gi, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** The same as the name of a folder: "amd-epyc". */
export function slugOf(processor: string): string {
  return processor
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** What a figure was measured on besides the processor, in one line. */
export function describeMachine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  const redis = findRedisServer();
  const redisVersion = redis && /v=(\S+)/.exec(execFileSync(redis, ["--version"], { encoding: "utf8" }))?.[1];
  return [
    `${cpus().length} cores`,
    `${memory} GiB`,
    `${process.platform} ${process.arch}`,
    `Node ${process.versions.node}`,
    `redis-server ${redisVersion ?? "none"}`,
  ].join(", ");
}
