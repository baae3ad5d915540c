import { DEFAULTS, withoutDefaults } from "../../core/code/defaults.ts";
import type { StoredCode } from "../../core/code/qr-code.ts";
import { NotFound, ServiceError } from "../../core/errors.ts";
import { settleChange } from "../../data/invalidate-after-commit.ts";
import { type CommittedChange, insertCode } from "../../data/postgres/change-codes.ts";
import type { Query } from "../../data/postgres/db.ts";
import { claimKey, keepResult } from "../../data/postgres/idempotency-keys.ts";
import { readCode } from "../../data/read-code.ts";
import type { Services } from "../runtime/services.ts";
import { newQrId } from "./new-id.ts";
import type { GenerateBody } from "./schema.ts";

export interface Generated {
  code: StoredCode;
  scans: number;
  /** The code was made by an earlier request with the same idempotency key. */
  repeated: boolean;
}

/**
 * Creates a code. A repeated request gets the code as it is now.
 *
 * @throws ServiceError `conflict` if the ID was ever issued, if the idempotency key was used with another body, or if the
 *   code that was made with it has been deleted
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
  if (!("pendingInvalidation" in change)) return codeAsItIs(services, tenantId, change.qrId);
  await settleChange(services, change);
  return { code: change.code, scans: 0, repeated: false };
}

async function codeAsItIs(services: Services, tenantId: string, qrId: string): Promise<Generated> {
  try {
    const { code, counts } = await readCode(services, tenantId, qrId);
    return { code, scans: counts.scans, repeated: true };
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    throw new ServiceError("conflict", `the code ${qrId} of this Idempotency-Key was deleted`, {
      cause: error,
      errors: [{ path: "Idempotency-Key", message: "made a code that was deleted" }],
    });
  }
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
