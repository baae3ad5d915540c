import { DEFAULTS } from "../../core/code/defaults.ts";
import type { StoredCode } from "../../core/code/qr-code.ts";

/** A code without any option. */
export const PLAIN_CODE: StoredCode = {
  ...DEFAULTS,
  qrId: "qr_1",
  tenantId: "tenant_a",
  targetUrl: "https://example.com/",
  createdAt: "2030-01-01T00:00:00.000Z",
  updatedAt: "2030-01-01T00:00:00.000Z",
  version: 1,
};
