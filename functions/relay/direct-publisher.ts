import { inProcessTopic } from "../../data/kafka/in-process-topic.ts";
import type { Publisher } from "../../data/kafka/publisher.ts";
import { persistEachRecord } from "../../data/persist-records.ts";
import { required } from "../runtime/env.ts";
import { tracing } from "../runtime/persist-spans.ts";
import type { Services } from "../runtime/services.ts";

/** Persists in place of publishing, by the consumer's own code: what is removed from the outbox is in Postgres then. */
export function directPublisher(services: Services): Publisher {
  const retentionMonths = Number(required(services.env, "RETENTION_MONTHS"));
  return inProcessTopic("outbox", (event) =>
    tracing(services, event, () => persistEachRecord(services, event, retentionMonths)),
  );
}
