import { codeTag } from "../../core/code/code-tag.ts";
import { presentCode } from "../../core/code/qr-code.ts";
import { ChangedMeanwhile } from "../../data/changed-meanwhile.ts";
import { countNow } from "../../data/count-now.ts";
import { required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";
import { expectedVersions } from "./if-match.ts";
import { problem } from "./problem.ts";
import type { HttpReply } from "./reply.ts";
import type { AuthorizedEvent } from "./tenancy.ts";

/**
 * Carries out a change on the condition of the request's `If-Match`. If the code has none of the versions that it names,
 * the reply is 412 with the code as it is now, so that the caller can decide without another request.
 *
 * @throws Invalid if the header is malformed
 */
export async function onCondition(
  services: Services,
  event: AuthorizedEvent,
  change: (expected: number[] | undefined) => Promise<HttpReply>,
): Promise<HttpReply> {
  const expected = expectedVersions(event.headers["if-match"]);
  try {
    return await change(expected);
  } catch (error) {
    if (!(error instanceof ChangedMeanwhile)) throw error;
    const { code, deletedAt } = error;
    const scans = deletedAt === null ? await countNow(services, code.qrId, error.scans) : error.scans;
    const shown = presentCode(code, scans, required(services.env, "PUBLIC_BASE_URL"), services.now());
    const current = deletedAt === null ? shown : { ...shown, deletedAt };
    const reply = problem("precondition-failed", event.requestContext.requestId, error.message, undefined, {
      current,
    });
    return { ...reply, headers: { ...reply.headers, etag: codeTag(shown) } };
  }
}
