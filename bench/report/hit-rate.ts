import type { HitRate } from "../benchmarks/hit-rate.ts";
import { figure, table } from "../table.ts";

export function hitRateReport({ plan, days }: HitRate): string {
  const percent = (share: number) => `${figure(share * 100)} %`;
  const rows = days.map(({ scans, cache, withoutSql, statementsPer1000, redisMegabytes }) => [
    `${figure(scans)} scans${cache ? "" : ", no Redis"}`,
    percent(withoutSql.list),
    percent(withoutSql.get),
    percent(withoutSql.scan),
    percent(withoutSql.all),
    figure(statementsPer1000),
    cache ? `${figure(redisMegabytes)} MB` : "–",
  ]);
  return `${table(["a day of", "list", "get", "scan", "all reads", "SQL per 1,000 requests", "Redis memory"], rows)}

Shares of the reads that needed no SQL. ${figure(plan.tenants * plan.codesPerTenant)} codes, scanned by Zipf's law; ${plan.dashboards} dashboards that poll
their list and an open code every ${plan.pollSeconds} s in office hours, and its figures every ${plan.pageMinutes} minutes (\`stats\` always asks Postgres
for the history, and counts among all reads); ${plan.edits} edits, ${plan.newCodes} new codes. Keys age as on a day of 24 hours.`;
}
