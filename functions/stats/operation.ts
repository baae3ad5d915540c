import * as z from "zod";
import { instant } from "../../core/code/reply-fields.ts";
import { component, count, jsonReply, type Operation } from "../http/operation.ts";
import { statsQuery } from "./schema.ts";
import type { ScanStats } from "./use-case.ts";

const values = z.array(component("ValueCount", z.object({ value: z.string(), scans: count })));

const scanStats: z.ZodType<ScanStats> = component(
  "ScanStats",
  z.object({
    qrId: z.string(),
    scans: count,
    today: count,
    date: z.iso.date(),
    bots: count,
    uniqueVisitors: count,
    lastScannedAt: instant.nullable(),
    daily: z.array(component("DailyScans", z.object({ date: z.iso.date(), scans: count, unique: count }))),
    countries: values,
    devices: values,
    browsers: values,
    referrers: values,
    source: z.enum(["redis", "postgres"]),
  }),
);

export const operation: Operation = {
  reply:
    "`200 {scans, today, date, bots, uniqueVisitors, lastScannedAt, daily, countries, devices, browsers, referrers, source}`; `days` 1–365",
  query: statsQuery,
  replies: { 200: jsonReply("the code's figures", scanStats) },
  problems: [400, 404],
};
