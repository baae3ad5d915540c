import type { Lifetimes } from "../../data/redis/keys.ts";
import type { DayCache, HitRate } from "../benchmarks/hit-rate.ts";
import { figure, table } from "../table.ts";

const TITLES: Record<DayCache, string> = {
  default: "",
  longer: ", longer lifetimes",
  none: ", no Redis",
};

export function hitRateReport({ plan, lifetimes, days }: HitRate): string {
  const percent = (share: number) => `${figure(share * 100)} %`;
  const rows = days.map(({ scans, cache, withoutSql, statementsPer1000, redisMegabytes }) => [
    `${figure(scans)} scans${TITLES[cache]}`,
    percent(withoutSql.list),
    percent(withoutSql.get),
    percent(withoutSql.scan),
    percent(withoutSql.all),
    figure(statementsPer1000),
    cache === "none" ? "–" : `${figure(redisMegabytes)} MB`,
  ]);
  return `${table(["a day of", "list", "get", "scan", "all reads", "SQL per 1,000 requests", "Redis memory"], rows)}

Lifetimes by default: ${textOf(lifetimes.default)}. The longer ones: ${textOf(lifetimes.longer)}.
Shares of the reads that needed no SQL. ${figure(plan.tenants * plan.codesPerTenant)} codes, scanned by Zipf's law; ${plan.dashboards} dashboards that poll
their list and an open code every ${plan.pollSeconds} s in office hours, and its figures every ${plan.pageMinutes} minutes (\`stats\` always asks Postgres
for the history, and counts among all reads); ${plan.edits} edits, ${plan.newCodes} new codes. Keys age as on a day of 24 hours.`;
}

function textOf({ list, code, link }: Lifetimes): string {
  const seconds = (value: number) => value.toLocaleString("en");
  return `a list ${seconds(list)} s, a code ${seconds(code)} s, a link ${seconds(link)} s`;
}
