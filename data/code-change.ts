import type { PendingInvalidation } from "./postgres/pending-invalidations.ts";
import type { CodeChange } from "./redis/code-cache.ts";

/** A change whose invalidation is stored before it closes its keys. The mark is its ID, so that a replay takes it away. */
export function codeChangeOf({ id, tenantId, qrId, deleted }: PendingInvalidation): CodeChange {
  return { mark: String(id), tenantId, qrId, deleted };
}
