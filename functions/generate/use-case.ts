import { DEFAULTS, withoutDefaults } from "../../core/code/defaults.ts";
import type { StoredCode } from "../../core/code/qr-code.ts";
import { NotFound, ServiceError } from "../../core/errors.ts";
import { settleChange } from "../../data/invalidate-after-commit.ts";
import { type CommittedChange, insertCode } from "../../data/postgres/change-codes.ts";
import type { Query } from "../../data/postgres/db.ts";
import { claimKey, keepReply } from "../../data/postgres/idempotency-keys.ts";
import { readCode } from "../../data/read-code.ts";
import type { Services } from "../runtime/services.ts";
import { newQrId } from "./new-id.ts";
import type { GenerateBody } from "./schema.ts";

export interface Generated {
  /** The HTTP status of the reply, or of the first one. */
  status: number;
  /** The code as it is now, with its scans; `undefined` if it was deleted since the first request. */
  found: { code: StoredCode; scans: number } | undefined;
  /** Whether an earlier request with the same idempotency key created it. */
  replayed: boolean;
}

const CREATED = 201;

/**
 * Creates a code. A repeated request gets the code as it is now.
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
          await keepReply(query, request, { qrId: inserted.code.qrId, status: CREATED });
          return inserted;
        });
  if (!("pendingInvalidation" in change)) {
    const found = await codeNow(services, tenantId, change.qrId);
    return { status: change.status, found, replayed: true };
  }
  await settleChange(services, change);
  return { status: CREATED, found: { code: change.code, scans: 0 }, replayed: false };
}

async function codeNow(services: Services, tenantId: string, qrId: string): Promise<Generated["found"]> {
  try {
    const { code, counts } = await readCode(services, tenantId, qrId);
    return { code, scans: counts.scans };
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
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
