import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Yielding, yieldingPublisher } from "../../bin/local/yielding-publisher.ts";
import type { QrEvent } from "../../core/events/schema.ts";

const NOW = Date.parse("2026-03-15T12:00:00.000Z");

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
    { backlog: async () => 0, outboxMaxLength: 100, signal: stopping.signal, now: () => NOW, ...options },
  );
  return { publisher, published, stopping };
}

describe("a publisher beside a gateway", () => {
  it("does not wait while the gateway is not busy", async () => {
    const { publisher, published } = open();
    await publisher.publish([event(0)]);
    publisher.setBusy(true);
    publisher.setBusy(false);
    await publisher.publish([event(0)]);
    expect(published).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("publishes a batch a second while it is busy", async () => {
    const { publisher, published } = open();
    publisher.setBusy(true);
    const first = publisher.publish([event(0)]);
    await vi.advanceTimersByTimeAsync(999);
    expect(published).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await first;
    expect(published).toHaveLength(1);
  });

  it("goes on at once when the gateway is no longer busy, and when it is to stop", async () => {
    const { publisher, published, stopping } = open();
    for (const endRest of [() => publisher.setBusy(false), () => stopping.abort()]) {
      publisher.setBusy(true);
      const resting = publisher.publish([event(0)]);
      await vi.advanceTimersByTimeAsync(500);
      endRest();
      await resting;
    }
    publisher.setBusy(true);
    await publisher.publish([event(0)]);
    expect(published).toHaveLength(3);
  });

  it.each([
    ["the outbox is nearly full", { backlog: async () => 80 }, 0],
    ["the events are old", {}, 15_001],
  ])("never waits once %s", async (_when, options, ageMs) => {
    const { publisher, published } = open(options);
    publisher.setBusy(true);
    await publisher.publish([event(ageMs)]);
    expect(published).toHaveLength(1);
  });

  it("waits as for an empty outbox while nobody can say how full it is", async () => {
    const { publisher, published } = open({ backlog: () => Promise.reject(new Error("down")) });
    publisher.setBusy(true);
    const resting = publisher.publish([event(0)]);
    await vi.advanceTimersByTimeAsync(1_000);
    await resting;
    expect(published).toHaveLength(1);
  });
});
