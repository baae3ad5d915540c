import { v7 as uuidv7 } from "uuid";
import type { ScannedEvent } from "../../core/events/schema.ts";
import type { CapturedScan } from "../../core/scan/captured-scan.ts";
import { type KafkaMessage, mskEvent } from "../../data/kafka/msk-event.ts";
import { PHONE } from "./user-agents.ts";

/** The topic of `scanBatch`. */
const TOPIC = "qr.events";

const TARGET = "https://example.com/";

/** A scan of `qr_1` by somebody's phone in Germany, just now, as the redirect captures it. */
export function capturedScan(fields: Partial<CapturedScan> = {}): CapturedScan {
  return {
    eventId: uuidv7(),
    qrId: "qr_1",
    occurredAt: Date.now(),
    bot: false,
    country: "DE",
    userAgent: PHONE,
    referrerHost: null,
    visitor: "visitor-1",
    ...fields,
  };
}

/** A captured scan as the scan's script puts it into the stream: the fields of XADD. */
export function streamEntry(scan: CapturedScan, target = TARGET): string[] {
  return ["event", JSON.stringify(scan), "tenant", "tenant_a", "target", target];
}

/** The same scan as the relay publishes it. */
export function scannedEvent(fields: Partial<ScannedEvent> = {}): ScannedEvent {
  return {
    eventId: uuidv7(),
    type: "qr.scanned",
    version: 1,
    occurredAt: new Date().toISOString(),
    tenantId: "tenant_a",
    qrId: "qr_1",
    targetUrl: TARGET,
    bot: false,
    country: "DE",
    device: "mobile",
    os: "iOS",
    browser: "Safari",
    referrerHost: null,
    visitor: "visitor-1",
    ...fields,
  };
}

/**
 * A batch of the topic as Lambda hands it over. A value that is text, bytes or `null` is sent as it is, any other as
 * JSON.
 */
export function scanBatch(values: unknown[], { partition = 0, firstOffset = 0 } = {}) {
  const messages = values.map(
    (value, index): KafkaMessage => ({
      key: Buffer.from("a-key"),
      value: bytesOf(value),
      offset: String(firstOffset + index),
      timestamp: String(Date.now()),
    }),
  );
  return mskEvent(TOPIC, partition, messages);
}

function bytesOf(value: unknown): Buffer | null {
  if (value === null || Buffer.isBuffer(value)) return value;
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
}
