import * as z from "zod";

const MAX_DAYS = 365;
const DEFAULT_DAYS = 30;
const DAYS_ERROR = `must be a whole number from 1 to ${MAX_DAYS}`;

/** The query of `GET /qr/{qrId}/stats`. */
export const statsQuery = z.strictObject({
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
});
