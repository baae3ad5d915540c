import { describe, expect, it } from "vitest";
import type { QrEvent } from "../../core/events/schema.ts";
import type { OutboxEntry } from "../../data/merge-heads.ts";
import { batches, MAX_BYTES, MAX_EVENTS } from "../../functions/relay/batch.ts";

/** What a broker takes unless it is told otherwise (https://kafka.apache.org/documentation/#brokerconfigs_message.max.bytes). */
const KAFKA_MAX_BYTES = 1_048_588;

/** A record's own bytes in a batch, at most: attributes, varints of lengths, time and offset. */
const RECORD_OVERHEAD = 30;
const BATCH_OVERHEAD = 61;
const LONGEST_KEY = 64;

function entry(targetUrl = "https://example.com/"): OutboxEntry {
  const event: QrEvent = {
    eventId: "01890000-0000-7000-8000-000000000000",
    type: "qr.created",
    version: 1,
    occurredAt: "2026-01-01T00:00:00.000Z",
    tenantId: "tenant",
    qrId: "code",
    targetUrl,
    status: "active",
  };
  return { event, streamId: null };
}

const entries = (count: number) => Array.from({ length: count }, () => entry());
const bytesOf = (batch: OutboxEntry[]) =>
  batch.reduce((sum, { event }) => sum + Buffer.byteLength(JSON.stringify(event)), 0);
const lengths = (...args: Parameters<typeof batches>) => [...batches(...args)].map(({ length }) => length);

describe("a batch", () => {
  it("has at most the given count of events", () => {
    expect(lengths(entries(7), 3)).toEqual([3, 3, 1]);
    expect(lengths(entries(6), 3)).toEqual([3, 3]);
    expect(lengths(entries(2), 3)).toEqual([2]);
    expect(lengths(entries(3), 1)).toEqual([1, 1, 1]);
  });

  it("has at most the given bytes", () => {
    const size = bytesOf(entries(1));
    expect(lengths(entries(5), 100, 2 * size)).toEqual([2, 2, 1]);
    expect(lengths(entries(5), 100, 3 * size - 1)).toEqual([2, 2, 1]);
    expect(lengths(entries(5), 100, 5 * size)).toEqual([5]);
  });

  it("counts bytes, not characters", () => {
    const wide = Array.from({ length: 4 }, () => entry(`https://example.com/${"\u{1F4F1}".repeat(100)}`));
    expect(lengths(wide, 100, bytesOf(wide) - 1)).toEqual([3, 1]);
    expect(lengths(wide, 100, bytesOf(wide))).toEqual([4]);
  });

  it("takes an event alone that is larger than the bound, and loses none behind it", () => {
    const large = entry(`https://example.com/${"x".repeat(2_000)}`);
    expect(lengths([entry(), large, entry(), entry()], 100, 1_000)).toEqual([1, 1, 2]);
  });

  it("is never empty, and there is none for nothing", () => {
    expect(lengths([])).toEqual([]);
    for (const length of lengths(entries(10), 3, 1)) expect(length).toBeGreaterThan(0);
  });

  it("keeps all entries, themselves and in order", () => {
    const all = Array.from({ length: 100 }, (_, index) =>
      entry(`https://example.com/${"x".repeat(index * 7)}`),
    );
    const kept = [...batches(all, 9, 3_000)].flat();
    expect(kept).toHaveLength(all.length);
    for (const [index, one] of kept.entries()) expect(one).toBe(all[index]);
  });

  it("fits into one request even if all of it is of one partition and can't be compressed", () => {
    expect(lengths(entries(MAX_EVENTS + 1))).toEqual([MAX_EVENTS, 1]);
    const overhead = BATCH_OVERHEAD + MAX_EVENTS * (RECORD_OVERHEAD + LONGEST_KEY);
    expect(MAX_BYTES + overhead).toBeLessThan(KAFKA_MAX_BYTES);
  });
});
