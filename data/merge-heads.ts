import type { QrEvent } from "../core/events/schema.ts";

/** An event that is ready to be published, and where it waits. */
export interface OutboxEntry {
  event: QrEvent;
  /** Its ID in the stream; `null` if it waits in Postgres, where its event ID names it. */
  streamId: string | null;
  /** Only of a scan that is sampled for tracing. */
  traceparent?: string | null | undefined;
}

/** Where entries come from, oldest first. */
export interface Head {
  entries: OutboxEntry[];
  /** Whether more lie behind these. */
  more: boolean;
}

/**
 * Merges the heads of both places into the order in which the events happened, so that those of one code leave in
 * order whichever way they took. Stops where the next event might lie behind a head that was cut off.
 */
export function mergeHeads(stream: Head, table: Head): OutboxEntry[] {
  const merged: OutboxEntry[] = [];
  let s = 0;
  let t = 0;
  for (;;) {
    const fromStream = stream.entries[s];
    const fromTable = table.entries[t];
    if (!fromStream && (stream.more || !fromTable)) return merged;
    if (!fromTable && (table.more || !fromStream)) return merged;
    // UUIDv7: the IDs sort by time.
    if (!fromTable || (fromStream && fromStream.event.eventId <= fromTable.event.eventId)) {
      if (fromStream) merged.push(fromStream);
      s += 1;
    } else {
      merged.push(fromTable);
      t += 1;
    }
  }
}
