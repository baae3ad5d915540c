import * as z from "zod";
import { instant } from "../../core/code/reply-fields.ts";
import { component, count } from "./operation.ts";

const values = z.array(component("ValueCount", z.object({ value: z.string(), scans: count })));

/** The members of a history in a reply. */
export const historyReply = {
  bots: count,
  uniqueVisitors: count.meta({ description: "the sum over UTC days: nobody is recognised on another day" }),
  lastScannedAt: instant.nullable(),
  daily: z.array(component("DailyScans", z.object({ date: z.iso.date(), scans: count, unique: count }))),
  hourly: z
    .array(component("HourlyScans", z.object({ hour: z.int().min(0).max(23), scans: count })))
    .meta({ description: "the hours of a day, over all these days, by the clocks of the time zone" }),
  countries: values,
  devices: values,
  browsers: values,
  referrers: values,
};
