import type { Db } from "./db.ts";

/**
 * Tenants that have a code, in the order of their IDs. Each costs one step of an index, however many codes it has.
 *
 * @param limit at most this many
 */
export async function listTenants(db: Db, limit: number): Promise<string[]> {
  const rows = await db.read<{ tenant_id: string }>(
    `WITH RECURSIVE tenants (tenant_id) AS (
       (SELECT min(tenant_id) FROM qr_codes WHERE deleted_at IS NULL)
       UNION ALL
       SELECT (SELECT min(next.tenant_id) FROM qr_codes next
               WHERE next.deleted_at IS NULL AND next.tenant_id > tenants.tenant_id)
       FROM tenants WHERE tenants.tenant_id IS NOT NULL
     )
     SELECT tenant_id FROM tenants WHERE tenant_id IS NOT NULL LIMIT $1`,
    [limit],
  );
  return rows.map((row) => row.tenant_id);
}
