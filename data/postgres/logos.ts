import type { LogoImage } from "../../core/picture/logo-image.ts";
import type { Db, Query, Row } from "./db.ts";

/** What is known of a logo without its pixels. */
export interface LogoEntry {
  name: string;
  /** In px. */
  width: number;
  height: number;
  bytes: number;
  /** ISO 8601 UTC with milliseconds. */
  createdAt: string;
  updatedAt: string;
}

export interface StoredLogo extends LogoImage {
  /** Differs wherever the pixels do. */
  digest: string;
}

/** Logos of one tenant: as many as a page shows, and 25 MB at most. */
export const MAX_LOGOS = 100;

type EntryRow = Row & {
  name: string;
  width: number;
  height: number;
  bytes: number;
  created_at: Date;
  updated_at: Date;
};

const ENTRY = "name, width, height, octet_length(png) AS bytes, created_at, updated_at";

function entryOf({ name, width, height, bytes, created_at, updated_at }: EntryRow): LogoEntry {
  return {
    ...{ name, width, height, bytes },
    createdAt: created_at.toISOString(),
    updatedAt: updated_at.toISOString(),
  };
}

/** A tenant's logo, with its pixels; `undefined` if it has none of that name. */
export async function findLogo(db: Db, tenantId: string, name: string): Promise<StoredLogo | undefined> {
  const [row] = await db.read<Row & { png: Buffer; width: number; height: number; digest: string }>(
    "SELECT png, width, height, digest FROM logos WHERE tenant_id = $1 AND name = $2",
    [tenantId, name],
  );
  return row && { png: row.png, width: row.width, height: row.height, digest: row.digest };
}

/** Those of a tenant's logos that have these names, with their pixels. */
export async function findLogos(
  db: Db,
  tenantId: string,
  names: readonly string[],
): Promise<Map<string, LogoImage>> {
  const rows = await db.read<Row & { name: string; png: Buffer; width: number; height: number }>(
    "SELECT name, png, width, height FROM logos WHERE tenant_id = $1 AND name = ANY($2)",
    [tenantId, names],
  );
  return new Map(rows.map(({ name, png, width, height }) => [name, { png, width, height }]));
}

/** All of a tenant's logos, by name. */
export async function listLogos(db: Db, tenantId: string): Promise<LogoEntry[]> {
  const rows = await db.read<EntryRow>(
    `SELECT ${ENTRY} FROM logos WHERE tenant_id = $1 ORDER BY name LIMIT ${MAX_LOGOS}`,
    [tenantId],
  );
  return rows.map(entryOf);
}

/**
 * Stores a logo in place of any of its name.
 *
 * @param now ISO 8601, milliseconds
 * @returns what is stored, and whether its name is new; `undefined` if the tenant has as many as it may
 */
export async function putLogo(
  db: Db,
  tenantId: string,
  name: string,
  { png, width, height, digest }: StoredLogo,
  now: string,
): Promise<{ logo: LogoEntry; isNew: boolean } | undefined> {
  return db.transaction(async (query) => {
    // Two uploads of new logos at a time would not see each other.
    await query("SELECT pg_advisory_xact_lock(hashtextextended('logos ' || $1, 0))", [tenantId]);
    const [row] = await query<EntryRow & { is_new: boolean }>(
      `INSERT INTO logos (tenant_id, name, png, width, height, digest, created_at, updated_at)
       SELECT $1, $2, $3, $4, $5, $6, $7, $7
       WHERE (SELECT count(*) FROM logos WHERE tenant_id = $1 AND name <> $2) < ${MAX_LOGOS}
       ON CONFLICT (tenant_id, name)
         DO UPDATE SET png = $3, width = $4, height = $5, digest = $6, updated_at = $7
       RETURNING ${ENTRY}, xmax = 0 AS is_new`,
      [tenantId, name, Buffer.from(png), width, height, digest, now],
    );
    return row && { logo: entryOf(row), isNew: row.is_new };
  }, tenantId);
}

/** Deletes a tenant's logo. Returns whether there was one. */
export async function deleteLogo(db: Db, tenantId: string, name: string): Promise<boolean> {
  const rows = await db.write("DELETE FROM logos WHERE tenant_id = $1 AND name = $2 RETURNING name", [
    tenantId,
    name,
  ]);
  return rows.length > 0;
}

/** Which of these logos a tenant has. */
export async function logosAmong(
  query: Query,
  tenantId: string,
  names: readonly string[],
): Promise<Set<string>> {
  if (names.length === 0) return new Set();
  const rows = await query<Row & { name: string }>(
    "SELECT name FROM logos WHERE tenant_id = $1 AND name = ANY ($2)",
    [tenantId, names],
  );
  return new Set(rows.map(({ name }) => name));
}

/** Whether a tenant has a logo. */
export async function hasLogo(db: Db, tenantId: string, name: string): Promise<boolean> {
  const rows = await db.read("SELECT 1 FROM logos WHERE tenant_id = $1 AND name = $2", [tenantId, name]);
  return rows.length > 0;
}
