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

/** The figures that the service was asked to reach, beside what is measured here, and those that are missed. */
export function claimsReport({ near, delayed, scan, day }: Measured): { text: string; missed: string[] } {
  const p50 = ({ cells }: Endpoints, operation: Cell["operation"], mode: Cell["mode"]) =>
    cells.find((cell) => cell.operation === operation && cell.mode === mode)?.p50.median ?? Number.NaN;
  const fromTo = (measured: Endpoints, operation: Cell["operation"]) =>
    `${figure(p50(measured, operation, "off"))} → ${figure(p50(measured, operation, "hit"))} ms`;
  const latency = (title: string, from: number, to: number, operation: Cell["operation"]): Claim => ({
    title,
    required: `${from} → ${to} ms`,
    here: fromTo(near, operation),
    delayed: fromTo(delayed, operation),
    met: [near, delayed].every((measured) => p50(measured, operation, "hit") <= to),
  });
  const days = day.days.filter(({ cache }) => cache === "default");
  const share = (
    title: string,
    required: string,
    least: number,
    kind: keyof ReplayedDay["withoutSql"],
  ): Claim => ({
    title,
    required,
    here: days
      .map(({ scans, withoutSql }) => `${figure(withoutSql[kind] * 100)} % (${figure(scans)} scans a day)`)
      .join(", "),
    delayed: "–",
    met: days.every(({ withoutSql }) => withoutSql[kind] >= least),
  });
  const perSecond = scan.subjects.resp.perSecond.median;
  const claims: Claim[] = [
    latency("list, from the database → from the cache", 500, 5, "list"),
    latency("get", 50, 2, "get"),
    latency("scan", 50, 4, "scan"),
    {
      title: "scans a second",
      required: figure(REQUIRED_RATE),
      here: `${figure(perSecond)}, one process`,
      delayed: "–",
      met: perSecond >= REQUIRED_RATE,
    },
    share("lists from the cache", "above 80 %", 0.8, "list"),
    share("single codes from the cache", "above 90 %", 0.9, "get"),
    share("reads from the cache", "80–90 %", 0.8, "all"),
  ];
  const rows = claims.map(({ title, required, here, delayed }) => [title, required, here, delayed]);
  return {
    text: `${table(["figure", "required", "here", "here, with delays"], rows)}

Medians over one connection, of a service without Redis and of one whose cache has the answer. Shares with the default
lifetimes.`,
    missed: claims.filter(({ met }) => !met).map(({ title }) => title),
  };
}

/** A requirement counts as met where it is on every processor that is kept. */
export function verdictOf(judged: { processor: string; missed: string[] }[]): string {
  const missed = judged.flatMap(({ processor, missed }) => missed.map((title) => `${title} (${processor})`));
  const processors = judged.map(({ processor }) => processor).join(", ");
  return missed.length === 0
    ? `All are met on every processor that results are kept of: ${processors}.`
    : `Not met, and so not claimed: ${missed.join("; ")}. The others are met on ${processors}.`;
}

interface Claim {
  title: string;
  required: string;
  here: string;
  delayed: string;
  met: boolean;
}

/** Scans a second. */
const REQUIRED_RATE = 10_000;
