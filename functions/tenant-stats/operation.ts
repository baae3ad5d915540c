import * as z from "zod";
import { instant } from "../../core/code/reply-fields.ts";
import { historyReply } from "../http/history-reply.ts";
import { component, count, jsonReply, type Operation } from "../http/operation.ts";
import { tenantStatsQuery } from "./schema.ts";
import type { TenantStats } from "./use-case.ts";

const code = { qrId: z.string(), name: z.string().nullable() };

const tenantStats: z.ZodType<TenantStats> = component(
  "TenantStats",
  z.object({
    scans: count.meta({ description: "persisted so far" }),
    today: count.meta({ description: "persisted so far on `date`, in UTC whatever `tz` is" }),
    date: z.iso.date(),
    tz: z.string(),
    ...historyReply,
    topCodes: z
      .array(component("TopCode", z.object({ ...code, scans: count })))
      .meta({ description: "up to 20" }),
    unscannedCodes: z
      .array(component("UnscannedCode", z.object({ ...code, createdAt: instant })))
      .meta({ description: "codes that nobody has ever scanned, oldest first, up to 20" }),
    unscannedCount: count.meta({ description: "of all of them; 1,000 means that many or more" }),
  }),
);

export const operation: Operation = {
  reply:
    "`200 {scans, today, date, tz, bots, uniqueVisitors, lastScannedAt, daily, hourly, topCodes, unscannedCodes, unscannedCount, countries, devices, browsers, referrers}`; `days` 1–365, `tz`, `tag`",
  query: tenantStatsQuery,
  replies: { 200: jsonReply("the tenant's figures", tenantStats) },
  problems: [400, 422],
};
