import * as z from "zod";
import { isTimeZone } from "../../core/time-zone.ts";

const MAX_DAYS = 365;
const DEFAULT_DAYS = 30;
const DAYS_ERROR = `must be a whole number from 1 to ${MAX_DAYS}`;

/** The parameters of figures over a period: which days, and where they begin. */
export const periodQuery = {
  days: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, DAYS_ERROR)
    .transform(Number)
    .refine((days) => days <= MAX_DAYS, DAYS_ERROR)
    .default(DEFAULT_DAYS)
    .meta({
      type: "integer",
      minimum: 1,
      maximum: MAX_DAYS,
      description: `of history, today included; ${DEFAULT_DAYS} without it`,
    }),
  tz: z
    .string()
    .refine(isTimeZone, "must be the name of a time zone, such as Europe/Berlin")
    .transform((tz) => (/^(etc\/)?(utc|gmt|zulu|universal)$/i.test(tz) ? "UTC" : tz))
    .default("UTC")
    .meta({
      description:
        "IANA time zone at whose midnight the days begin; UTC without it. Visitors are counted by UTC day",
    }),
};
