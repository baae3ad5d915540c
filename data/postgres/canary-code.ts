import { CANARY } from "../../core/canary.ts";
import type { Db } from "./db.ts";

/** Makes the canary's code, unless it is there. */
export async function insertCanary(db: Db): Promise<void> {
  await db.write(
    `INSERT INTO qr_codes (qr_id, tenant_id, target_url, created_at, updated_at) VALUES ($1, $2, $3, now(), now())
     ON CONFLICT (qr_id) DO NOTHING`,
    [CANARY.qrId, CANARY.tenantId, CANARY.targetUrl],
  );
}
