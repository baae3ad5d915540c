import { newSpanId, nextTraceparent, type Span } from "../../core/telemetry/traces.ts";
import type { Traceparents } from "../../data/kafka/traced-records.ts";
import type { OutboxEntry } from "../../data/merge-heads.ts";

/** The relay's step in the traces of a batch's sampled scans, and what it passes on to the consumer. */
export function tracedSteps(
  batch: OutboxEntry[],
  startMs: number,
): { spans: Omit<Span, "endMs">[]; traceparents: Traceparents } {
  const spans: Omit<Span, "endMs">[] = [];
  const traceparents = new Map<string, string>();
  for (const { event, traceparent: parent } of batch) {
    if (!parent) continue;
    const id = newSpanId();
    const traceparent = nextTraceparent(parent, id);
    if (traceparent === undefined) continue;
    spans.push({ parent, id, eventId: event.eventId, startMs });
    traceparents.set(event.eventId, traceparent);
  }
  return { spans, traceparents };
}
