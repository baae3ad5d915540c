import * as z from "zod";
import type { QrCode } from "../../core/code/qr-code.ts";
import type { Health } from "../../functions/health/use-case.ts";
import { PROBLEMS } from "../../functions/http/problems.ts";
import type { ScanStats } from "../../functions/stats/use-case.ts";

const instant = z.iso.datetime({ precision: 3 });

/** As it was given: what a browser takes for a URL need not be the ASCII that the format `uri` means. */
const givenUrl = z.string().meta({ description: "http or https" });

const codeFields = {
  qrId: z.string(),
  tenantId: z.string(),
  targetUrl: givenUrl,
  scanUrl: z.url().meta({ description: "what the picture encodes" }),
  name: z.string().nullable(),
  tags: z.array(z.string()),
  status: z.enum(["active", "paused"]),
  startsAt: instant.nullable(),
  expiresAt: instant.nullable(),
  maxScans: z.int().nullable(),
  fallbackUrl: givenUrl.nullable(),
  createdAt: instant,
  updatedAt: instant,
  scans: z.int().min(0).meta({ description: "live" }),
};

const cached = z.boolean().meta({ description: "whether the reply came from Redis" });
const count = z.int().min(0);
const values = z.array(z.strictObject({ value: z.string(), scans: count }));

/** A code. The annotation keeps the description and the type that is replied with alike. */
export const qrCode: z.ZodType<QrCode> = z.strictObject(codeFields);

export const readCode = z.strictObject({ ...codeFields, cached });

export const generatedCode = z.strictObject({ ...codeFields, svg: z.string() });

export const listPage = z.strictObject({
  qrCodes: z.array(z.strictObject(codeFields)),
  count,
  cached,
  nextCursor: z.string().optional(),
});

export const scanStats: z.ZodType<ScanStats> = z.strictObject({
  qrId: z.string(),
  scans: count,
  today: count,
  date: z.iso.date(),
  bots: count,
  uniqueVisitors: count,
  lastScannedAt: instant.nullable(),
  daily: z.array(z.strictObject({ date: z.iso.date(), scans: count, unique: count })),
  countries: values,
  devices: values,
  browsers: values,
  referrers: values,
  source: z.enum(["redis", "postgres"]),
});

export const health: z.ZodType<Health> = z.strictObject({
  status: z.enum(["ok", "degraded", "down"]),
  redis: z.enum(["ok", "failing"]),
  breaker: z.enum(["closed", "half-open", "open"]),
  postgres: z.enum(["ok", "failing"]),
});

export const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  requestId: z.string(),
  errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
});

/** The title of each status that a problem may have. */
export const problemTitles = new Map<number, string>(
  Object.values(PROBLEMS).map(({ status, title }) => [status, title]),
);
