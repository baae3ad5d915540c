import type { Context } from "aws-lambda";
import { required } from "../shared/env.ts";
import type { Services } from "../shared/services.ts";
import { housekeep } from "./housekeep.ts";
import type { Publisher } from "./publisher.ts";
import { type RelayReport, runRelay } from "./relay.ts";

/** A run stops this long before its function would be stopped: a send that fails takes so long to say so. */
const MARGIN_MS = 20_000;

/** A drained outbox is watched for this long, so that a busy service is served all minute. */
const IDLE_MS = 10_000;

/** One run of the relay, started by the schedule. */
export function createHandler(services: Services, publisher: Publisher) {
  const outboxMaxLength = Number(required(services.env, "OUTBOX_MAX_LENGTH"));
  const retentionMonths = Number(required(services.env, "RETENTION_MONTHS"));
  return async (
    _event: unknown,
    context: Pick<Context, "getRemainingTimeInMillis">,
  ): Promise<RelayReport> => {
    const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MS));
    await housekeep(services, retentionMonths);
    const report = await runRelay(services, publisher, { outboxMaxLength, signal, idleMs: IDLE_MS });
    services.log.info("relay run", { ...report });
    return report;
  };
}
