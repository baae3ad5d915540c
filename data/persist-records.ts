import type { MSKEvent } from "aws-lambda";
import { CANARY } from "../core/canary.ts";
import { Unavailable } from "../core/errors.ts";
import { describeError } from "../core/telemetry/log.ts";
import { asDeadLetters, sortRecords } from "./kafka/records.ts";
import { type Persisted, persist } from "./persist-scans.ts";
import type { Stores } from "./stores.ts";

type Records = Pick<MSKEvent, "records">;

/**
 * Persists a batch of records, counts what became of them, and warns of those that are dead letters.
 *
 * @throws Unavailable if the database does not answer; the whole batch may then be delivered again
 */
export async function persistRecords(
  stores: Pick<Stores, "db" | "redis" | "log" | "metrics" | "now">,
  event: Records,
  retentionMonths: number,
): Promise<Persisted> {
  const { metrics, log } = stores;
  const batch = sortRecords(event, stores.now());
  const persisted = await persist(stores, batch, retentionMonths);
  metrics.add("ScansPersisted", persisted.persisted);
  metrics.add("ScansDuplicate", persisted.duplicates);
  const canary = batch.scans.filter(({ tenantId }) => tenantId === CANARY.tenantId).length;
  if (canary > 0) metrics.add("CanaryPersisted", canary);
  metrics.add("DeadLetters", persisted.deadLetters);
  if (persisted.deadLetters > 0) {
    const [first] = batch.dead;
    log.warn("records went to the dead letters", { count: persisted.deadLetters, reason: first?.reason });
  }
  return persisted;
}

/**
 * The same without Lambda's event source, which bisects a failing batch: narrows a failure down to its record, which
 * becomes a dead letter and so does not block the records behind it.
 */
export async function persistEachRecord(
  stores: Pick<Stores, "db" | "redis" | "log" | "metrics" | "now">,
  event: Records,
  retentionMonths: number,
): Promise<void> {
  try {
    await persistRecords(stores, event, retentionMonths);
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    const records = Object.values(event.records).flat();
    if (records.length <= 1) {
      const dead = asDeadLetters(event, reasonOf(error));
      await persist(stores, { scans: [], dead, others: 0 }, retentionMonths);
      stores.metrics.add("DeadLetters", dead.length);
      stores.log.warn("a record can't be persisted", { error: describeError(error) });
      return;
    }
    const half = Math.ceil(records.length / 2);
    for (const part of [records.slice(0, half), records.slice(half)])
      await persistEachRecord(stores, { records: { part } }, retentionMonths);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
