import type { MSKEvent, MSKRecordHeader } from "aws-lambda";
import { TRACEPARENT } from "../../core/telemetry/traces.ts";

/** The header of a record that belongs to a sampled scan, under its standard name. */
const HEADER = "traceparent";

/** What the relay hands over beside the events: the `traceparent` of each sampled one, by its event ID. */
export type Traceparents = ReadonlyMap<string, string>;

/** The headers of a record, as a Kafka client takes them. */
export function headersOf(
  eventId: string,
  traceparents?: Traceparents,
): { headers?: Record<string, string> } {
  const traceparent = traceparents?.get(eventId);
  return traceparent === undefined ? {} : { headers: { [HEADER]: traceparent } };
}

/** The sampled scans among the records of a batch. Unreadable ones are skipped: `records.ts` reports them. */
export function tracedRecords(event: Pick<MSKEvent, "records">): { eventId: string; traceparent: string }[] {
  return Object.values(event.records)
    .flat()
    .flatMap(({ headers, value }) => {
      const traceparent = traceparentIn(headers);
      const eventId = traceparent && eventIdIn(value);
      return traceparent && eventId ? [{ eventId, traceparent }] : [];
    });
}

/** Lambda writes a header's value as the numbers of its bytes. */
function traceparentIn(headers: MSKRecordHeader[] = []): string | undefined {
  for (const { [HEADER]: bytes } of headers) {
    const text = bytes && Buffer.from(bytes).toString("latin1");
    if (text && TRACEPARENT.test(text)) return text;
  }
  return undefined;
}

function eventIdIn(base64: string): string | undefined {
  try {
    const { eventId } = JSON.parse(Buffer.from(base64, "base64").toString()) as { eventId?: unknown };
    return typeof eventId === "string" ? eventId : undefined;
  } catch {
    return undefined;
  }
}
