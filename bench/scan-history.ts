import { maintainPartitions } from "../data/postgres/partitions.ts";
import { postgresDb } from "../data/postgres/postgres.ts";
import type { Servers } from "./servers.ts";

const DAYS = 30;
const RETENTION_MONTHS = 13;
const TIMEOUT_MS = 60_000;

/** Puts scans of the first tenant's codes into Postgres as the consumer leaves them: events, visitors and roll-ups. */
export async function addScans({ sql, databaseUrl }: Servers, scans: number, codes: number): Promise<void> {
  const db = postgresDb(databaseUrl, { poolSize: 1, timeoutMs: TIMEOUT_MS });
  await maintainPartitions(db, Date.now(), RETENTION_MONTHS);
  await db.close();
  // An ID begins with its time, so that the index grows at its end.
  await sql.query(
    `INSERT INTO scan_events
     SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 19))::uuid,
       at, 'tenant_0', 'qr_0_' || n % $2, 'https://example.com/', n % 50 = 0, (ARRAY['DE', 'FR', 'US', 'JP'])[1 + n % 4],
       (ARRAY['mobile', 'tablet', 'desktop'])[1 + n % 3], 'iOS', (ARRAY['Safari', 'Chrome', 'Firefox'])[1 + n % 3],
       'site' || n % 40 || '.example', 'visitor' || n / 3
     FROM generate_series(1, $1::int) n,
       LATERAL (SELECT date_trunc('milliseconds', now() - ($1 - n) * (interval '${DAYS} days' / $1)) AS at) times`,
    [scans, codes],
  );
  await sql.query(
    `CREATE TEMP VIEW people AS
     SELECT *, (occurred_at AT TIME ZONE 'UTC')::date AS day FROM scan_events WHERE NOT bot`,
  );
  await sql.query("INSERT INTO scan_visitors SELECT DISTINCT qr_id, day, visitor FROM people");
  await sql.query(
    "INSERT INTO scan_totals SELECT qr_id, count(*), 0, max(occurred_at) FROM people GROUP BY 1",
  );
  await sql.query(
    "INSERT INTO scan_days SELECT qr_id, day, count(*), 0, count(DISTINCT visitor) FROM people GROUP BY 1, 2",
  );
  for (const [dimension, column] of Object.entries({
    country: "country",
    device: "device",
    browser: "browser",
    referrer: "referrer_host",
  }))
    await sql.query(
      `INSERT INTO scan_dimensions SELECT qr_id, day, '${dimension}', ${column}, count(*) FROM people GROUP BY 1, 2, 4`,
    );
  await sql.query("VACUUM ANALYZE scan_totals, scan_days, scan_dimensions, scan_events, scan_visitors");
}
