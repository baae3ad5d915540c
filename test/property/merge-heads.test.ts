import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { QrEvent } from "../../core/events/schema.ts";
import { type Head, mergeHeads, type OutboxEntry } from "../../data/merge-heads.ts";

const MAX_EVENTS = 40;

/** The ID of the event that happened at `time`: UUIDv7 starts with the time, in hexadecimal digits. */
function eventId(time: number): string {
  return `${time.toString(16).padStart(8, "0")}-0000-7000-8000-000000000000`;
}

function entry(time: number, streamId: string | null): OutboxEntry {
  const event: QrEvent = {
    eventId: eventId(time),
    type: "qr.deleted",
    version: 1,
    occurredAt: "2026-01-01T00:00:00.000Z",
    tenantId: "tenant",
    qrId: "code",
  };
  return { event, streamId };
}

const idsOf = (entries: OutboxEntry[]) => entries.map(({ event }) => event.eventId);

/** Events in the order in which they happened, each where it waits; one that was on its way waits in both places. */
const waiting = fc
  .array(fc.constantFrom("stream", "table", "both"), { maxLength: MAX_EVENTS })
  .map((places) => ({
    ids: places.map((_, time) => eventId(time)),
    stream: places.flatMap((place, time) => (place === "table" ? [] : entry(time, `${time}-0`))),
    table: places.flatMap((place, time) => (place === "stream" ? [] : entry(time, null))),
  }));

/** What concurrent scans leave: IDs were made in one order, and entries added to the stream in another. */
const inAnyOrder = fc
  .uniqueArray(fc.nat(10_000), { maxLength: MAX_EVENTS })
  .map((times) => times.map((time, index) => entry(time, `${index}-0`)));

const inOrder = fc
  .uniqueArray(fc.nat(10_000), { maxLength: MAX_EVENTS })
  .map((times) => times.sort((a, b) => a - b).map((time) => entry(time, null)));

const limit = fc.integer({ min: 1, max: 10 });

const head = (entries: OutboxEntry[], most: number): Head => ({
  entries: entries.slice(0, most),
  more: entries.length > most,
});

describe("the heads of stream and table", () => {
  it("empty both places in the order in which the events happened, and stall nowhere", () => {
    fc.assert(
      fc.property(waiting, limit, ({ ids, stream, table }, most) => {
        const left = { stream: [...stream], table: [...table] };
        const published: OutboxEntry[] = [];
        while (left.stream.length + left.table.length > 0) {
          const merged = mergeHeads(head(left.stream, most), head(left.table, most));
          expect(merged.length, "every round publishes something").toBeGreaterThan(0);
          published.push(...merged);
          left.stream = left.stream.filter((waits) => !merged.includes(waits));
          left.table = left.table.filter((waits) => !merged.includes(waits));
        }
        expect(published).toHaveLength(stream.length + table.length);
        expect([...new Set(idsOf(published))]).toEqual(ids);
      }),
    );
  });

  it("leave in the order in which they were added to the stream, whatever their IDs say", () => {
    fc.assert(
      fc.property(inAnyOrder, inOrder, limit, limit, (stream, table, mostOfStream, mostOfTable) => {
        const merged = mergeHeads(head(stream, mostOfStream), head(table, mostOfTable));
        const fromStream = merged.filter(({ streamId }) => streamId !== null);
        const fromTable = merged.filter(({ streamId }) => streamId === null);
        expect(fromStream).toEqual(stream.slice(0, fromStream.length));
        expect(fromTable).toEqual(table.slice(0, fromTable.length));
      }),
    );
  });

  it("hold back what an unseen event might have to precede, and nothing else", () => {
    fc.assert(
      fc.property(waiting, limit, limit, ({ stream, table }, mostOfStream, mostOfTable) => {
        const heads = [head(stream, mostOfStream), head(table, mostOfTable)] as const;
        const merged = idsOf(mergeHeads(...heads));
        const cutOff = heads.filter(({ more }) => more).map(({ entries }) => idsOf(entries).at(-1) ?? "");
        const seen = heads.flatMap(({ entries }) => idsOf(entries));
        const certain = seen.filter((id) => cutOff.every((last) => id <= last));
        expect(new Set(merged)).toEqual(new Set(certain));
      }),
    );
  });

  it("are one place's alone while the other is empty or does not answer", () => {
    fc.assert(
      fc.property(inAnyOrder, fc.boolean(), (entries, more) => {
        const empty = { entries: [], more: false };
        expect(mergeHeads({ entries, more }, empty)).toEqual(entries);
        expect(mergeHeads(empty, { entries, more })).toEqual(entries);
      }),
    );
  });
});
