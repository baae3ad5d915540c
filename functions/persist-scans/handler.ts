import type { MSKEvent } from "aws-lambda";
import { persistRecords } from "../../data/persist-records.ts";
import type { Persisted } from "../../data/persist-scans.ts";
import { required } from "../runtime/env.ts";
import { tracing } from "../runtime/persist-spans.ts";
import type { Services } from "../runtime/services.ts";

/** Persists a batch of records, as the MSK event source hands it over. Rejects if the batch is to come again. */
export type BatchHandler = (event: Pick<MSKEvent, "records">) => Promise<Persisted>;

export function createHandler(services: Services): BatchHandler {
  const retentionMonths = Number(required(services.env, "RETENTION_MONTHS"));
  return async (event) => {
    const persisted = await tracing(services, event, () => persistRecords(services, event, retentionMonths));
    services.metrics.flush();
    await services.traces.flush();
    return persisted;
  };
}
