import type { Cell, Endpoints } from "../benchmarks/endpoints.ts";
import type { HitRate, ReplayedDay } from "../benchmarks/hit-rate.ts";
import type { ScanFloor } from "../benchmarks/scan-floor.ts";
import { figure, table } from "../table.ts";

export interface Measured {
  near: Endpoints;
  delayed: Endpoints;
  scan: ScanFloor;
  day: HitRate;
}

/** The figures that the service was asked to reach, beside what is measured here. */
export function claimsReport({ near, delayed, scan, day }: Measured): string {
  const fromTo = ({ cells }: Endpoints, operation: Cell["operation"]) => {
    const p50 = (mode: Cell["mode"]) =>
      cells.find((cell) => cell.operation === operation && cell.mode === mode)?.p50.median ?? Number.NaN;
    return `${figure(p50("off"))} → ${figure(p50("hit"))} ms`;
  };
  const latency = (title: string, claimed: string, operation: Cell["operation"]) => [
    title,
    claimed,
    fromTo(near, operation),
    fromTo(delayed, operation),
  ];
  const days = day.days.filter(({ cache }) => cache === "default");
  const shares = (kind: keyof ReplayedDay["withoutSql"]) =>
    days
      .map(({ scans, withoutSql }) => `${figure(withoutSql[kind] * 100)} % (${figure(scans)} scans a day)`)
      .join(", ");
  const claims = table(
    ["figure", "required", "here", "here, with delays"],
    [
      latency("list, from the database → from the cache", "500 → 5 ms", "list"),
      latency("get", "50 → 2 ms", "get"),
      latency("scan", "50 → 4 ms", "scan"),
      ["scans a second", "10,000", `${figure(scan.subjects.resp.perSecond.median)}, one process`, "–"],
      ["lists from the cache", "above 80 %", shares("list"), "–"],
      ["single codes from the cache", "above 90 %", shares("get"), "–"],
      ["reads from the cache", "80–90 %", shares("all"), "–"],
    ],
  );
  return `${claims}

Medians over one connection, of a service without Redis and of one whose cache has the answer. Shares with the default
lifetimes.`;
}
