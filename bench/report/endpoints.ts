import type { Endpoints } from "../benchmarks/endpoints.ts";
import { figure, table, withSpread } from "../table.ts";

const MODES = { hit: "cache hit", miss: "cache miss", off: "no Redis" };

export function endpointsReport({ cells, connections, rounds, delays }: Endpoints): string {
  const rows = cells.map((cell) => [
    `${cell.title}, ${cell.operation === "generate" || cell.operation === "patch" ? writeMode(cell.mode) : MODES[cell.mode]}`,
    withSpread(cell.p50),
    figure(cell.p95.median),
    figure(cell.p99.median),
    withSpread(cell.perSecond),
    figure(cell.cpuMicros.median),
    figure(cell.statements),
    figure(cell.redisCommands),
  ]);
  const where = delays
    ? `Redis ${delays.redis} ms and Postgres ${delays.postgres} ms away, one way`
    : "all on one machine";
  return `${table(["", "p50, ms", "p95, ms", "p99, ms", "a second", "CPU each, µs", "SQL", "Redis"], rows)}

Latencies over one connection, rates and CPU time of the service over ${connections}; ${where}. Medians of ${rounds} fresh
processes, and in brackets from where to where they spread. SQL statements and Redis commands are counted by the servers.`;
}

function writeMode(mode: "hit" | "miss" | "off"): string {
  return mode === "off" ? "no Redis" : "invalidating";
}
