import { v7 as uuidv7 } from "uuid";
import { Unavailable } from "../core/errors.ts";
import { revokeKey } from "./postgres/api-keys.ts";
import { asResult } from "./redis/as-result.ts";
import { close, invalidate } from "./redis/fence.ts";
import { CacheKeys } from "./redis/keys.ts";
import type { Stores } from "./stores.ts";

/**
 * Revokes a tenant's key so that from then on no check of any process takes it, by the steps of `commitChange`: the row
 * is changed, its cache entry is closed, the transaction commits, the entry is opened again.
 *
 * No invalidation is stored for a Redis that fails meanwhile: what it holds of a key expires within a minute by itself
 * (`CACHE_TTL.apiKey`).
 *
 * @returns whether the tenant had such a key
 */
export async function commitRevocation(stores: Stores, tenantId: string, keyId: string): Promise<boolean> {
  const { db, redis } = stores;
  const guarded = [CacheKeys.apiKey(keyId)];
  const mark = uuidv7();
  let closing: string | undefined;
  const reopen = () => asResult(() => invalidate(redis.bypassBreaker, guarded, [], mark));
  try {
    const revoked = await db.transaction(async (query) => {
      const now = new Date(stores.now()).toISOString();
      if (!(await revokeKey(query, tenantId, keyId, now))) return false;
      const closed = await asResult(async () => {
        await close(redis.bypassBreaker, guarded, mark);
        return { result: "closed" } as const;
      });
      closing = closed.result;
      return true;
    }, tenantId);
    // A Redis that fell silent is not asked again: the request has waited for it long enough.
    if (revoked && closing !== "timeout") await reopen();
    return revoked;
  } catch (error) {
    // What is unavailable may have committed it.
    if (closing && !(error instanceof Unavailable)) await reopen();
    throw error;
  }
}
