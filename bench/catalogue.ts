import type { Servers } from "./servers.ts";

/** The n-th tenant, and its k-th code; both from 0. */
export const tenantId = (n: number) => `tenant_${n}`;
export const qrId = (tenant: number, code: number) => `qr_${tenant}_${code}`;

/** What the list shows at once. */
export const CODES_PER_TENANT = 100;

/** Puts codes into Postgres, `codes` for each tenant, a second apart. */
export async function addCodes({ sql }: Servers, tenants: number, codes = CODES_PER_TENANT): Promise<void> {
  // The indexes are rebuilt after the codes are inserted, which takes a fraction of the time.
  const { rows: indexes } = await sql.query<{ indexname: string; indexdef: string }>(
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'qr_codes' AND indexname <> 'qr_codes_pkey'",
  );
  for (const { indexname } of indexes) await sql.query(`DROP INDEX ${indexname}`);
  await sql.query(
    `INSERT INTO qr_codes (qr_id, tenant_id, target_url, name, tags, created_at, updated_at)
     SELECT 'qr_' || t || '_' || c, 'tenant_' || t, 'https://example.com/menus/' || c, 'Menu ' || c, ARRAY['shop', 'shelf ' || c % 50], at, at
     FROM generate_series(0, $1::int - 1) t, generate_series(0, $2::int - 1) c,
       LATERAL (SELECT timestamptz '2026-01-01' + c * interval '1 second' AS at) times`,
    [tenants, codes],
  );
  await sql.query("SET maintenance_work_mem = '512MB'");
  for (const { indexdef } of indexes) await sql.query(indexdef);
  await sql.query("VACUUM ANALYZE qr_codes");
}
