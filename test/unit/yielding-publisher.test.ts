import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Load } from "../../bin/local/load.ts";
import { type Yielding, yieldingPublisher } from "../../bin/local/yielding-publisher.ts";
import type { QrEvent } from "../../core/events/schema.ts";

const NOW = Date.parse("2026-03-15T12:00:00.000Z");

/** A batch of the relay's is full from so many events. */
const FULL = 1_000;

// Pauses end when the test lets the time pass.
vi.mock("node:timers/promises", async (original) => {
  const real = await original<object>();
  return {
    ...real,
    setTimeout: (ms: number, value: unknown, { signal }: { signal?: AbortSignal } = {}) =>
      new Promise((resolve, reject) => {
        setTimeout(resolve, ms, value);
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
  };
});

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout"] }));
afterEach(() => void vi.useRealTimers());

const event = (ageMs: number) =>
  ({ eventId: "1", occurredAt: new Date(NOW - ageMs).toISOString() }) as unknown as QrEvent;

function open(options: Partial<Yielding> = {}) {
  const published: QrEvent[][] = [];
  const stopping = new AbortController();
  const publisher = yieldingPublisher(
    { publish: async (events) => void published.push(events), close: async () => {} },
    { backlog: async () => 0, outboxMaxLength: 10_000, signal: stopping.signal, now: () => NOW, ...options },
  );
  return { publisher, published, stopping };
}

describe("a publisher beside a gateway", () => {
  it("does not wait while the gateway is calm", async () => {
    const { publisher, published } = open();
    await publisher.publish([event(0)]);
    for (const load of ["active", "busy"] as const) {
      publisher.setLoad(load);
      publisher.setLoad("calm");
      await publisher.publish([event(0)]);
    }
    expect(published).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    { load: "busy", rate: "a batch a second", restMs: 1_000 },
    { load: "active", rate: "four batches a second", restMs: 250 },
  ] as const)("publishes $rate that are not full while it is $load", async ({ load, restMs }) => {
    const { publisher, published } = open();
    publisher.setLoad(load);
    const first = publisher.publish([event(0)]);
    await vi.advanceTimersByTimeAsync(restMs - 1);
    expect(published).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await first;
    expect(published).toHaveLength(1);
  });

  it.each([
    ["in the batch itself", { backlog: async () => 0 }, FULL],
    ["behind it", { backlog: async () => FULL }, 1],
  ])("keeps up with an active gateway once a full batch waits %s", async (_where, options, events) => {
    const { publisher, published } = open(options);
    publisher.setLoad("active");
    await publisher.publish(Array.from({ length: events }, () => event(0)));
    expect(published).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves a burst to a busy gateway until it is less busy", async () => {
    const { publisher, published } = open({ backlog: async () => FULL });
    publisher.setLoad("busy");
    const resting = publisher.publish([event(0)]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(published).toEqual([]);
    publisher.setLoad("active");
    await resting;
    expect(published).toHaveLength(1);
  });

  it("goes on at once when the gateway is calm again, and when it is to stop", async () => {
    const { publisher, published, stopping } = open();
    for (const endRest of [() => publisher.setLoad("calm"), () => stopping.abort()]) {
      publisher.setLoad("busy");
      const resting = publisher.publish([event(0)]);
      await vi.advanceTimersByTimeAsync(500);
      endRest();
      await resting;
    }
    publisher.setLoad("busy");
    await publisher.publish([event(0)]);
    expect(published).toHaveLength(3);
  });

  it.each<[when: string, options: Partial<Yielding>, ageMs: number]>([
    ["the outbox is nearly full", { backlog: async () => 8_000 }, 0],
    ["the events are old", {}, 15_001],
  ])("never waits once %s", async (_when, options, ageMs) => {
    for (const load of ["active", "busy"] satisfies Load[]) {
      const { publisher, published } = open(options);
      publisher.setLoad(load);
      await publisher.publish([event(ageMs)]);
      expect(published).toHaveLength(1);
    }
  });

  it.each([
    ["the outbox fills", { length: 8_000, laterMs: 0 }],
    ["the events grow old", { length: FULL, laterMs: 15_001 }],
  ])("stops waiting for the end of a burst when %s", async (_when, { length, laterMs }) => {
    let [waiting, passedMs] = [FULL, 0];
    const { publisher, published } = open({ backlog: async () => waiting, now: () => NOW + passedMs });
    publisher.setLoad("busy");
    const resting = publisher.publish([event(0)]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(published).toEqual([]);
    [waiting, passedMs] = [length, laterMs];
    await vi.advanceTimersByTimeAsync(250);
    await resting;
    expect(published).toHaveLength(1);
  });

  it("waits as for an empty outbox while nobody can say how full it is", async () => {
    const { publisher, published } = open({ backlog: () => Promise.reject(new Error("down")) });
    publisher.setLoad("busy");
    const resting = publisher.publish([event(0)]);
    await vi.advanceTimersByTimeAsync(1_000);
    await resting;
    expect(published).toHaveLength(1);
  });
});
