import { v7 as uuidv7 } from "uuid";
import { DEFAULTS, withoutDefaults } from "../../core/code/defaults.ts";
import { newAlphanumericId, newQrId } from "../../core/code/new-id.ts";
import type { StoredCode } from "../../core/code/qr-code.ts";
import { NotFound } from "../../core/errors.ts";
import type { PictureStyle } from "../../core/picture/picture-style.ts";
import { commitChange } from "../../data/commit-change.ts";
import { commitNewCode } from "../../data/commit-new-code.ts";
import { insertCode, type MadeChange } from "../../data/postgres/change-codes.ts";
import type { Query } from "../../data/postgres/db.ts";
import { claimKey, createdReply, type FirstReply, keepReply } from "../../data/postgres/idempotency-keys.ts";
import { readCode } from "../../data/read-code.ts";
import { readTenantStyle } from "../../data/read-pictured.ts";
import type { TenantCall } from "../http/endpoint.ts";
import type { Services } from "../runtime/services.ts";
import type { GenerateBody } from "./schema.ts";

export interface Generated {
  /** The HTTP status of the reply, or of the first one. */
  status: number;
  /** The code as it is now, with its scans; `undefined` if it was deleted since the first request. */
  found: { code: StoredCode; scans: number; tenantStyle: PictureStyle | null } | undefined;
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
  { tenantId, actor }: Pick<TenantCall, "tenantId" | "actor">,
  body: GenerateBody,
  key?: string,
): Promise<Generated> {
  const now = new Date(services.now()).toISOString();
  const request = key === undefined ? undefined : { tenantId, key, body: withoutDefaults(body) };
  const { qrId: chosen, ...fields } = body;
  const qrId = chosen ?? (fields.alphanumeric ? newAlphanumericId() : newQrId());
  const of = { tenantId, qrId, actor, now, eventId: uuidv7() };
  const insert = (query: Query) => insertCode(query, of, { ...DEFAULTS, ...fields });
  if (chosen === undefined && !request) {
    return created(await commitNewCode(services, { tenantId, qrId, mark: of.eventId }, insert));
  }
  const earlier: { reply?: FirstReply | undefined } = {};
  const committed = await commitChange(services, tenantId, async (query) => {
    if (request) earlier.reply = createdReply(await claimKey(query, request));
    if (earlier.reply) return undefined;
    const inserted = await insert(query);
    if (request) await keepReply(query, request, { qrId, httpStatus: CREATED });
    return inserted;
  });
  if (committed) return created(committed.change);
  if (!earlier.reply) throw new Error("nothing was created");
  const { status } = earlier.reply;
  return { status, found: await codeNow(services, tenantId, earlier.reply.qrId), replayed: true };
}

function created({ code, tenantStyle }: MadeChange): Generated {
  return { status: CREATED, found: { code, scans: 0, tenantStyle }, replayed: false };
}

async function codeNow(services: Services, tenantId: string, qrId: string): Promise<Generated["found"]> {
  try {
    const { code, counts } = await readCode(services, tenantId, qrId);
    return { code, scans: counts.scans, tenantStyle: await readTenantStyle(services, tenantId) };
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}
