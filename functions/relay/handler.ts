import type { Context } from "aws-lambda";
import { watchEventLoop } from "../../core/telemetry/event-loop-delay.ts";
import type { Publisher } from "../../data/kafka/publisher.ts";
import { usedMemory } from "../../data/redis/used-memory.ts";
import { required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";
import { housekeep, keptMonths } from "./housekeep.ts";
import { type RelayReport, runRelay } from "./relay.ts";

/** A run stops this long before its function would be stopped: a send that fails takes so long to say so. */
const MARGIN_MS = 20_000;

/** One run of the relay, started by the schedule. */
export function createHandler(services: Services, publisher: Publisher) {
  const outboxMaxLength = Number(required(services.env, "OUTBOX_MAX_LENGTH"));
  // A drained outbox is watched for this long: a service that is busier than that is served without a gap.
  const idleMs = Number(required(services.env, "RELAY_IDLE_MS"));
  const kept = keptMonths(services.env);
  return async (
    _event: unknown,
    context: Pick<Context, "getRemainingTimeInMillis">,
  ): Promise<RelayReport> => {
    const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MS));
    const eventLoop = watchEventLoop();
    await housekeep(services, kept);
    const report = await runRelay(services, publisher, { outboxMaxLength, signal, idleMs });
    services.metrics.add("EventLoopDelay", eventLoop.p99Ms());
    eventLoop.stop();
    await measure(services, report);
    await services.traces.flush();
    services.log.info("relay run", { ...report });
    return report;
  };
}

async function measure({ redis, metrics }: Services, report: RelayReport): Promise<void> {
  metrics.add("RelayPublished", report.published);
  metrics.add("RelayFailures", report.failures);
  metrics.add("RelaySpilled", report.spilled);
  metrics.add("OutboxDepth", report.depth);
  metrics.add("OutboxAge", report.oldestAgeMs);
  const memory = await usedMemory(redis);
  if (memory !== undefined) metrics.add("RedisUsedMemory", memory);
  metrics.flush();
}
