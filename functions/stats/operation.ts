import * as z from "zod";
import { historyReply } from "../http/history-reply.ts";
import { component, count, jsonReply, type Operation } from "../http/operation.ts";
import { statsQuery } from "./schema.ts";
import type { ScanStats } from "./use-case.ts";

const scanStats: z.ZodType<ScanStats> = component(
  "ScanStats",
  z.object({
    qrId: z.string(),
    scans: count,
    today: count.meta({ description: "on `date`, in UTC whatever `tz` is" }),
    date: z.iso.date(),
    tz: z.string(),
    ...historyReply,
    source: z.enum(["redis", "postgres"]),
  }),
);

export const operation: Operation = {
  reply:
    "`200 {scans, today, date, tz, bots, uniqueVisitors, lastScannedAt, daily, hourly, countries, devices, browsers, referrers, source}`; `days` 1–365, `tz`",
  query: statsQuery,
  replies: { 200: jsonReply("the code's figures", scanStats) },
  problems: [400, 404],
};
