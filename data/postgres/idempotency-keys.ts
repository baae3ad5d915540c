import { createHash } from "node:crypto";
import { ServiceError } from "../../core/errors.ts";
import type { Db, Query, Row } from "./db.ts";

/** A key is valid for a day; after that it can be reused. */
const KEY_LIFETIME = "24 hours";

export interface IdempotentRequest {
  tenantId: string;
  key: string;
  /** The body without its defaults, so that it stays the same when the service learns a field. */
  body: unknown;
}

/** What a repetition needs of the first reply to a creation: the code itself is read as it is by then. */
export interface FirstReply {
  qrId: string;
  /** Its HTTP status. */
  status: number;
}

/** Whatever a repetition needs of the first request's reply, as the column holds it. */
export type StoredReply = Record<string, unknown>;

/** What they replied with. */
const CREATED = 201;

/**
 * Takes an idempotency key for the transaction that `query` belongs to. Of several concurrent requests with one
 * key the first takes it, and the others wait here for its commit.
 *
 * @returns the first request's reply if there was one, `undefined` if this request is the first
 * @throws ServiceError `conflict` if the key was used with another body
 */
export async function claimKey(query: Query, request: IdempotentRequest): Promise<StoredReply | undefined> {
  const bodyHash = createHash("sha256").update(canonical(request.body)).digest("hex");
  const claimed = await query(
    `INSERT INTO idempotency_keys (tenant_id, key, body_hash) VALUES ($1, $2, $3)
     ON CONFLICT (tenant_id, key) DO UPDATE SET body_hash = $3, code = NULL, created_at = now()
       WHERE idempotency_keys.created_at < now() - interval '${KEY_LIFETIME}'
     RETURNING key`,
    [request.tenantId, request.key, bodyHash],
  );
  if (claimed.length > 0) return undefined;
  const [first] = await query<Row & { body_hash: string; code: StoredReply }>(
    "SELECT body_hash, code FROM idempotency_keys WHERE tenant_id = $1 AND key = $2",
    [request.tenantId, request.key],
  );
  if (first?.body_hash !== bodyHash) {
    throw new ServiceError("conflict", "this Idempotency-Key was used with another body", {
      errors: [{ path: "Idempotency-Key", message: "was used with another body" }],
    });
  }
  return first.code;
}

/** The reply to a creation. Earlier versions stored the code as a whole, whose `status` is another thing. */
export function createdReply(stored: StoredReply | undefined): FirstReply | undefined {
  return stored && { qrId: String(stored.qrId), status: Number(stored.httpStatus ?? CREATED) };
}

/** Stores the reply, to be returned when the request is repeated. */
export async function keepReply(query: Query, request: IdempotentRequest, reply: StoredReply): Promise<void> {
  await query("UPDATE idempotency_keys SET code = $3 WHERE tenant_id = $1 AND key = $2", [
    request.tenantId,
    request.key,
    JSON.stringify(reply),
  ]);
}

/** The same text for the same members in any order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** Deletes the keys that are no longer good. */
export async function purgeIdempotencyKeys(db: Db): Promise<void> {
  await db.write(`DELETE FROM idempotency_keys WHERE created_at < now() - interval '${KEY_LIFETIME}'`, []);
}
