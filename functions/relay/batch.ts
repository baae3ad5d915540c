import type { OutboxEntry } from "../../data/merge-heads.ts";

/** Messages of one request to Kafka: below its limit of 1 MB even if they are all of one partition and incompressible. */
export const MAX_EVENTS = 1_000;
export const MAX_BYTES = 900_000;

/** Cuts entries, in order, into batches of bounded count and size. */
export function* batches(entries: OutboxEntry[], maxEvents = MAX_EVENTS, maxBytes = MAX_BYTES) {
  let batch: OutboxEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(JSON.stringify(entry.event));
    if (batch.length > 0 && (batch.length === maxEvents || bytes + size > maxBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
