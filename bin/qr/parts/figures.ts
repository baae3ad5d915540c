import type { ScanStats, TenantStats, ValueCount } from "../../../clients/typescript/src/index.ts";
import { numberText } from "./progress.ts";

/** The figures of one code as lines. */
export function figuresOfCode(stats: ScanStats): string {
  return [`Code ${stats.qrId}`, ...totals(stats), ...days(stats), ...shares(stats)].join("\n");
}

/** The figures of a tenant as lines. */
export function figuresOfTenant(stats: TenantStats): string {
  const { topCodes, unscannedCodes, unscannedCount } = stats;
  const label = ({ qrId, name }: { qrId: string; name: string | null }) => (name ? `${qrId}  ${name}` : qrId);
  const top = topCodes.map((code) => ({ value: label(code), scans: code.scans }));
  const unscanned = unscannedCodes.map((code) => `  ${label(code)}`);
  const more = unscannedCount > unscannedCodes.length ? ["  …"] : [];
  const count = unscannedCount >= 1_000 ? "1,000 or more" : String(unscannedCount);
  return [
    "All codes",
    ...totals(stats),
    ...days(stats),
    ...table("Most scanned", top),
    ...(unscannedCount > 0 ? ["", `Never scanned: ${count}`, ...unscanned, ...more] : []),
    ...shares(stats),
  ].join("\n");
}

type Totals = Pick<ScanStats, "scans" | "today" | "date" | "bots" | "uniqueVisitors" | "lastScannedAt">;

function totals({ scans, today, date, bots, uniqueVisitors, lastScannedAt }: Totals): string[] {
  return [
    `  scans, ever      ${numberText(scans)}`,
    `  on ${date}    ${numberText(today)}`,
    `  visitors a day   ${numberText(uniqueVisitors)} in all`,
    `  bots             ${numberText(bots)}`,
    `  last scan        ${lastScannedAt ?? "–"}`,
  ];
}

function days({ daily, tz }: Pick<ScanStats, "daily" | "tz">): string[] {
  return table(
    `By day (${tz})`,
    daily.filter(({ scans }) => scans > 0).map(({ date, scans }) => ({ value: date, scans })),
  );
}

function shares({
  countries,
  devices,
  browsers,
  referrers,
}: Pick<ScanStats, "countries" | "devices" | "browsers" | "referrers">) {
  return [
    ...table("Countries", countries),
    ...table("Devices", devices),
    ...table("Browsers", browsers),
    ...table("Referrers", referrers),
  ];
}

function table(title: string, rows: readonly ValueCount[]): string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(({ value }) => value.length));
  return ["", title, ...rows.map(({ value, scans }) => `  ${value.padEnd(width)}  ${numberText(scans)}`)];
}
