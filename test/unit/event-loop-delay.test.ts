import { setTimeout as sleep, setImmediate as turnOfEventLoop } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { recentDelay } from "../../bin/local/recent-delay.ts";
import { watchEventLoop } from "../../core/telemetry/event-loop-delay.ts";
import { health } from "../../functions/health/use-case.ts";
import type { Services } from "../../functions/runtime/services.ts";

const BLOCKED_MS = 300;

/** Holds the event loop up, after a sample was taken, and waits for the next one. */
async function holdUp(seen: () => number): Promise<void> {
  await sleep(50);
  const over = performance.now() + BLOCKED_MS;
  while (performance.now() < over);
  while (seen() < BLOCKED_MS / 2) await turnOfEventLoop();
}

describe("the event loop's delay", () => {
  it("is nothing before it is measured, shows that the loop was held up, and is forgotten by a reset", async () => {
    const delay = watchEventLoop();
    expect(delay.p99Ms()).toBe(0);
    await holdUp(delay.p99Ms);
    expect(delay.p99Ms()).toBeGreaterThan(BLOCKED_MS - 20);
    delay.reset();
    expect(delay.p99Ms()).toBe(0);
    delay.stop();
  });

  it("is told by the health check of a process that measures it", async () => {
    const services = {
      cache: { setCache: async () => true },
      redis: { state: () => "closed" },
      db: { read: async () => [] },
    } as unknown as Services;
    expect(await health(services)).not.toHaveProperty("eventLoopDelayMs");
    expect(await health({ ...services, eventLoop: { p99Ms: () => 12.6 } })).toMatchObject({
      eventLoopDelayMs: 13,
    });
  });
});

describe("the event loop's recent delay", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("remembers the minute before, and no other one", async () => {
    const delay = recentDelay();
    await holdUp(delay.p99Ms);
    vi.advanceTimersByTime(60_000);
    expect(delay.p99Ms()).toBeGreaterThan(BLOCKED_MS / 2);
    const held = delay.p99Ms();
    vi.advanceTimersByTime(60_000);
    expect(delay.p99Ms()).toBeLessThan(held);
    delay.stop();
  });
});
