import { inlineSheets } from "../../core/sheet/inline-sheets.ts";
import { type HttpHandler, tenantBodyEndpoint } from "../http/endpoint.ts";
import { bytes } from "../http/reply.ts";
import { validate } from "../http/validate.ts";
import { required } from "../runtime/env.ts";
import { fairLimiter } from "../runtime/fair-limiter.ts";
import type { Services } from "../runtime/services.ts";
import { sheetBody } from "./schema.ts";
import { sheetOf } from "./use-case.ts";

/** Sheets that a process makes at a time, some seconds and 30 MB each; a Lambda makes one. */
const LIMITS = { running: 2, runningPerTenant: 1, waiting: 16, waitingPerTenant: 4 };

const HEADERS = {
  "content-type": "application/pdf",
  "content-disposition": 'inline; filename="labels.pdf"',
  "cache-control": "no-store",
};

export function createHandler(services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  const drawing = services.sheets ?? inlineSheets;
  const sheets = fairLimiter(LIMITS);
  return tenantBodyEndpoint("sheets", services, async ({ tenantId, body }) => {
    const asked = validate(sheetBody, body, "body");
    const pdf = await sheets(tenantId, () =>
      drawing.reserve((pen) => sheetOf(services, pen, tenantId, asked, baseUrl)),
    );
    return bytes(200, Buffer.from(pdf, "latin1"), HEADERS);
  });
}
