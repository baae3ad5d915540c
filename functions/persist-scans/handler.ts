import type { MSKEvent } from "aws-lambda";
import { sortRecords } from "../../data/kafka/records.ts";
import { type Persisted, persist } from "../../data/persist-scans.ts";
import { required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";

/** Persists a batch of records, as the MSK event source hands it over. Rejects if the batch is to come again. */
export type BatchHandler = (event: Pick<MSKEvent, "records">) => Promise<Persisted>;

export function createHandler(services: Services): BatchHandler {
  const { metrics } = services;
  const retentionMonths = Number(required(services.env, "RETENTION_MONTHS"));
  return async (event) => {
    const batch = sortRecords(event, services.now());
    const persisted = await persist(services, batch, retentionMonths);
    metrics.add("ScansPersisted", persisted.persisted);
    metrics.add("ScansDuplicate", persisted.duplicates);
    metrics.add("DeadLetters", persisted.deadLetters);
    metrics.flush();
    if (persisted.deadLetters > 0) {
      const [first] = batch.dead;
      services.log.warn("records went to the dead letters", {
        count: persisted.deadLetters,
        reason: first?.reason,
      });
    }
    return persisted;
  };
}
