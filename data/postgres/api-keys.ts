import type { Actor } from "../../core/actor.ts";
import type { Scope } from "../../core/auth/scopes.ts";
import { type ApiKey, type CheckedKey, MAX_KEYS } from "../../core/auth/stored-key.ts";
import type { Db, Query, Row } from "./db.ts";
import { prepared } from "./prepared.ts";

interface KeyRow extends Row {
  key_id: string;
  tenant_id: string;
  hash: string;
  name: string;
  scopes: Scope[];
  created_by: Actor;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
}

const LISTED = "key_id, name, scopes, created_by, created_at, expires_at, last_used_at";

/** A key to be stored. `now` and `expiresAt` are ISO 8601. */
export interface KeyToStore {
  keyId: string;
  tenantId: string;
  hash: string;
  name: string;
  scopes: readonly Scope[];
  createdBy: Actor;
  now: string;
  expiresAt: string | null;
}

/** Stores a key; `undefined` if the tenant has as many live ones as it may. */
export async function insertKey(db: Db, key: KeyToStore): Promise<ApiKey | undefined> {
  return db.transaction(async (query) => {
    // One of a tenant at a time: each has to see the others' rows to count them.
    await query("SELECT pg_advisory_xact_lock(hashtext('api keys'), hashtext($1))", [key.tenantId]);
    const [row] = await query<KeyRow>(
      `INSERT INTO api_keys (key_id, tenant_id, hash, name, scopes, created_by, created_at, expires_at)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8
       WHERE (SELECT count(*) FROM api_keys WHERE tenant_id = $2 AND revoked_at IS NULL) < ${MAX_KEYS}
       RETURNING ${LISTED}`,
      [
        ...[key.keyId, key.tenantId, key.hash, key.name, key.scopes],
        ...[JSON.stringify(key.createdBy), key.now, key.expiresAt],
      ],
    );
    return row && apiKeyOf(row);
  }, key.tenantId);
}

/** A tenant's live keys, those that have expired among them, newest first. */
export async function listKeys(db: Db, tenantId: string): Promise<ApiKey[]> {
  const rows = await db.read<KeyRow>(
    `SELECT ${LISTED} FROM api_keys WHERE tenant_id = $1 AND revoked_at IS NULL
     ORDER BY created_at DESC, key_id LIMIT ${MAX_KEYS}`,
    [tenantId],
  );
  return rows.map(apiKeyOf);
}

const FIND = prepared(
  `SELECT key_id, tenant_id, hash, name, scopes, expires_at, last_used_at FROM api_keys
   WHERE key_id = $1 AND revoked_at IS NULL`,
);

/** A live key of any tenant: only its hash tells whose it is. `null` if there is none of that ID. */
export async function findKey(db: Db, keyId: string): Promise<CheckedKey | null> {
  const [row] = await db.read<KeyRow>(FIND, [keyId]);
  if (!row) return null;
  const { key_id, tenant_id, hash, name, scopes, expires_at, last_used_at } = row;
  const times = { expiresAt: expires_at?.getTime() ?? null, lastUsedAt: last_used_at?.getTime() ?? null };
  return { keyId: key_id, tenantId: tenant_id, hash, name, scopes, ...times };
}

/** Revokes a tenant's key. To be part of `commitKeyChange`. Returns whether it had a live one of that ID. */
export async function revokeKey(
  query: Query,
  tenantId: string,
  keyId: string,
  now: string,
): Promise<boolean> {
  const rows = await query(
    `UPDATE api_keys SET revoked_at = $3 WHERE key_id = $1 AND tenant_id = $2 AND revoked_at IS NULL
     RETURNING key_id`,
    [keyId, tenantId, now],
  );
  return rows.length > 0;
}

/** Notes the minute of a key's use, Unix ms, unless a later one stands there. */
export async function noteKeyUse(db: Db, keyId: string, at: number): Promise<void> {
  await db.write(
    `UPDATE api_keys SET last_used_at = $2
     WHERE key_id = $1 AND revoked_at IS NULL AND (last_used_at IS NULL OR last_used_at < $2)`,
    [keyId, new Date(at).toISOString()],
  );
}

function apiKeyOf(row: KeyRow): ApiKey {
  return {
    keyId: row.key_id,
    name: row.name,
    scopes: row.scopes,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
