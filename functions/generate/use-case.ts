import { DEFAULTS, withoutDefaults } from "../../core/code/defaults.ts";
import type { StoredCode } from "../../core/code/qr-code.ts";
import { ServiceError } from "../../core/errors.ts";
import { settleChange } from "../../data/invalidate-after-commit.ts";
import { type CommittedChange, insertCode } from "../../data/postgres/change-codes.ts";
import type { Query } from "../../data/postgres/db.ts";
import { claimKey, keepResult } from "../../data/postgres/idempotency-keys.ts";
import type { Services } from "../runtime/services.ts";
import { newQrId } from "./new-id.ts";
import type { GenerateBody } from "./schema.ts";

export interface Generated {
  code: StoredCode;
  /** The result of an earlier request with the same idempotency key. */
  repeated: boolean;
}

/**
 * Creates a code.
 *
 * @throws ServiceError `conflict` if the ID was ever issued, or the idempotency key was used with another body
 */
export async function generateCode(
  services: Services,
  tenantId: string,
  body: GenerateBody,
  key?: string,
): Promise<Generated> {
  const now = new Date(services.now()).toISOString();
  const insert = (query: Query) => insertNew(query, tenantId, body, now);
  const change =
    key === undefined
      ? await insert(services.db.write)
      : await services.db.transaction(async (query) => {
          const request = { tenantId, key, body: withoutDefaults(body) };
          const first = await claimKey(query, request);
          if (first) return first;
          const inserted = await insert(query);
          await keepResult(query, request, inserted.code);
          return inserted;
        });
  if (!("pendingInvalidation" in change)) return { code: change, repeated: true };
  await settleChange(services, change);
  return { code: change.code, repeated: false };
}

async function insertNew(
  query: Query,
  tenantId: string,
  body: GenerateBody,
  now: string,
): Promise<CommittedChange> {
  const { qrId: chosen, ...fields } = body;
  const qrId = chosen ?? newQrId();
  const change = await insertCode(query, { tenantId, qrId }, { ...DEFAULTS, ...fields }, now);
  if (change) return change;
  throw new ServiceError("conflict", `the ID ${qrId} is taken`, {
    errors: [{ path: "qrId", message: "is taken" }],
  });
}
