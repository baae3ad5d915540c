import type { MSKEvent } from "aws-lambda";
import { newSpanId } from "../../core/telemetry/traces.ts";
import { tracedRecords } from "../../data/kafka/traced-records.ts";
import type { Services } from "./services.ts";

/** Persists a batch, and records the last step in the traces of its sampled scans: their rows are there. */
export async function tracing<T>(
  { traces, now }: Pick<Services, "traces" | "now">,
  event: Pick<MSKEvent, "records">,
  persist: () => Promise<T>,
): Promise<T> {
  const startMs = now();
  const persisted = await persist();
  for (const { eventId, traceparent: parent } of tracedRecords(event))
    traces.record({ parent, id: newSpanId(), eventId, startMs, endMs: now() });
  return persisted;
}
