import type { Cell, Endpoints } from "../benchmarks/endpoints.ts";
import type { HitRate } from "../benchmarks/hit-rate.ts";
import type { Growth } from "../benchmarks/scale/growth.ts";
import type { ScanFloor } from "../benchmarks/scan-floor.ts";
import { figure, table } from "../table.ts";

export interface Measured {
  processor: string;
  scan: ScanFloor;
  near: Endpoints;
  day: HitRate;
  growths: Growth[];
}

/** The five figures that stand for the rest, on each processor, each with the command that measures it. */
export function headlines(measured: Measured[]): string {
  const columns = measured.map(rowsOf);
  const rows = (columns[0] ?? []).map(({ by }, row) => [
    columns[0]?.[row]?.title ?? "",
    ...columns.map((column) => column[row]?.value ?? "–"),
    by,
  ]);
  return table(["figure", ...measured.map(({ processor }) => processor), "by"], rows);
}

function rowsOf({ scan, near, day, growths }: Measured) {
  const command = (name: string) => `\`npm run bench -- ${name}\``;
  const p50 = (operation: Cell["operation"], mode: Cell["mode"]) =>
    near.cells.find((cell) => cell.operation === operation && cell.mode === mode)?.p50.median ?? Number.NaN;
  const { resp } = scan.subjects;
  const list = growths.flatMap(({ curves }) => curves).find(({ title }) => title === "list");
  const [few, many] = [list?.points[0], list?.points.at(-1)];
  const busiest = day.days.filter(({ cache }) => cache === "default").at(-1);
  const row = (title: string, value: string, by: string) => ({ title, value, by: command(by) });
  return [
    row(
      "scans a second, one process",
      `${figure(resp.perSecond.median)}, ${figure(100 * scan.shareOfFloor.median)} % of a bare server with one Redis command`,
      "scan",
    ),
    row("a scan, median at one connection", `${figure(1_000 * resp.medianAtOne.median)} µs`, "scan"),
    row(
      "list of 100 codes, from Postgres → from the cache",
      `${figure(p50("list", "off"))} → ${figure(p50("list", "hit"))} ms`,
      "endpoints",
    ),
    row(
      `reads without SQL, on a day of ${figure(busiest?.scans ?? Number.NaN)} scans`,
      `${figure(100 * (busiest?.withoutSql.all ?? Number.NaN))} %`,
      "hit-rate",
    ),
    row(
      "list of an uncached tenant",
      `${figure(few?.y ?? Number.NaN)} ms at ${figure(few?.x ?? Number.NaN)} codes, ${figure(many?.y ?? Number.NaN)} ms at ${figure(many?.x ?? Number.NaN)}`,
      "scale",
    ),
  ];
}
