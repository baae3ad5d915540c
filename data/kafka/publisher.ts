import type { QrEvent } from "../../core/events/schema.ts";
import type { Traceparents } from "./traced-records.ts";

/** Where the relay brings events to. */
export interface Publisher {
  /** Resolves when all events are stored, in order per code; rejects if that is not sure for any of them. */
  publish(events: QrEvent[], traceparents?: Traceparents): Promise<void>;
  close(): Promise<void>;
}
