import { STYLE_ENTRY } from "../../core/ids.ts";
import type { PictureStyle } from "../../core/picture/picture-style.ts";
import type { Db, Query, Row } from "./db.ts";
import { insertPendingInvalidation, type PendingChange } from "./pending-invalidations.ts";
import { prepared } from "./prepared.ts";

/** An SQL expression: the default style of a row's tenant, or NULL. */
export function tenantStyleOf(row: string): string {
  return `(SELECT style FROM tenant_styles WHERE tenant_styles.tenant_id = ${row}.tenant_id)`;
}

const FIND = prepared("SELECT style FROM tenant_styles WHERE tenant_id = $1");

/** A tenant's default style; `null` if it has none. */
export async function findTenantStyle(db: Db, tenantId: string): Promise<PictureStyle | null> {
  const [row] = await db.read<Row & { style: PictureStyle }>(FIND, [tenantId]);
  return row?.style ?? null;
}

/** Sets a tenant's default style. To be part of `commitChange`. @param now ISO 8601, milliseconds */
export async function putTenantStyle(
  query: Query,
  tenantId: string,
  style: PictureStyle,
  now: string,
): Promise<PendingChange> {
  const [row] = await query<Row & { id: number }>(
    `WITH changed AS (
       INSERT INTO tenant_styles (tenant_id, style, updated_at) VALUES ($1, $2, $3)
       ON CONFLICT (tenant_id) DO UPDATE SET style = $2, updated_at = $3
       RETURNING tenant_id, '${STYLE_ENTRY}' AS qr_id)
     ${insertPendingInvalidation("changed", false)}`,
    [tenantId, style, now],
  );
  if (!row) throw new Error("no style was stored");
  const pendingInvalidation = { id: row.id, mark: String(row.id) };
  return { code: { tenantId, qrId: STYLE_ENTRY }, deleted: false, pendingInvalidation };
}
