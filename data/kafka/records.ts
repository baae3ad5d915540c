import type { MSKEvent, MSKRecord } from "aws-lambda";
import { parseEvent, type ScannedEvent } from "../../core/events/schema.ts";
import type { DeadLetter } from "../postgres/dead-letters.ts";

/** An event may be this much ahead of this machine's clock. */
const CLOCK_SKEW_MS = 86_400_000;

export interface SortedRecords {
  scans: ScannedEvent[];
  dead: DeadLetter[];
  /** Events of other types, which have no history here. */
  others: number;
}

/**
 * Reads the records of a batch; whatever is no valid event of a known type and version is a dead letter.
 *
 * @param now Unix ms
 */
export function sortRecords(event: Pick<MSKEvent, "records">, now: number): SortedRecords {
  const latest = new Date(now + CLOCK_SKEW_MS).toISOString();
  const sorted: SortedRecords = { scans: [], dead: [], others: 0 };
  for (const record of Object.values(event.records).flat()) {
    try {
      const parsed = parseEvent(textOf(record.value));
      if (parsed.occurredAt > latest) throw new Error("the event lies in the future");
      if (parsed.type === "qr.scanned") sorted.scans.push(parsed);
      else sorted.others += 1;
    } catch (error) {
      sorted.dead.push(deadLetter(record, (error as Error).message));
    }
  }
  return sorted;
}

/** All records of a batch as dead letters, for a reason that lies in none of their bytes. */
export function asDeadLetters(event: Pick<MSKEvent, "records">, reason: string): DeadLetter[] {
  return Object.values(event.records)
    .flat()
    .map((record) => deadLetter(record, reason));
}

function deadLetter(record: MSKRecord, reason: string): DeadLetter {
  return {
    topic: record.topic,
    partition: record.partition,
    offset: String(record.offset),
    reason,
    // Kept as it came, in base64: the bytes may be no text that Postgres takes.
    key: record.key || null,
    value: record.value || null,
  };
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The event source encodes key and value in base64; a record without a value has none. */
function textOf(base64: string | undefined | null): string {
  try {
    return utf8.decode(Buffer.from(base64 ?? "", "base64"));
  } catch {
    throw new Error("the record is not UTF-8");
  }
}
