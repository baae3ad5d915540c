import { describe, expect, it } from "vitest";
import type { MetricName, Metrics } from "../../core/telemetry/metrics.ts";
import { type FillResult, readThrough } from "../../data/redis/read-through.ts";

type Found = { result: "hit"; value: string } | { result: "miss"; fence: string } | { result: "timeout" };

/** A read that notes its steps and its metrics. */
function reading(found: Found, fill: FillResult = "filled") {
  const steps: string[] = [];
  const metrics: MetricName[] = [];
  const counting: Metrics = { add: (name) => metrics.push(name), flush() {} };
  const read = readThrough(counting, {
    lookUp: async () => {
      steps.push("look up");
      return found;
    },
    load: async () => {
      steps.push("load");
      return "stored";
    },
    fill: async (value, { fence }) => {
      steps.push(`fill ${value} behind ${fence}`);
      return { result: fill };
    },
  });
  return { read, steps, metrics };
}

const MISS: Found = { result: "miss", fence: "token" };

describe("a read through the cache", () => {
  it("that hits asks nobody else", async () => {
    const { read, steps, metrics } = reading({ result: "hit", value: "cached" });
    expect(await read).toEqual({ from: "cache", hit: { result: "hit", value: "cached" } });
    expect([steps, metrics]).toEqual([["look up"], ["CacheHit"]]);
  });

  it.each([
    ["filled", ["CacheMiss"]],
    ["refused", ["CacheMiss", "FillRefused"]],
    ["failed", ["CacheMiss"]],
  ] as const)("that misses loads, then fills behind the fence of the miss (%s)", async (fill, counted) => {
    const { read, steps, metrics } = reading(MISS, fill);
    expect(await read).toEqual({ from: "database", value: "stored", miss: MISS, fill: { result: fill } });
    expect([steps, metrics]).toEqual([["look up", "load", "fill stored behind token"], counted]);
  });

  it("whose look-up failed loads, and asks Redis nothing more", async () => {
    const { read, steps, metrics } = reading({ result: "timeout" });
    const failed = { from: "database", value: "stored", miss: undefined, fill: { result: "failed" } };
    expect(await read).toEqual(failed);
    expect([steps, metrics]).toEqual([["look up", "load"], ["CacheMiss"]]);
  });

  it("fails if the database does, and fills nothing", async () => {
    const filled: unknown[] = [];
    const read = readThrough(
      { add() {}, flush() {} },
      {
        lookUp: async () => ({ result: "miss", fence: "token" }) as const,
        load: () => Promise.reject(new Error("no database")),
        fill: async (value) => {
          filled.push(value);
          return { result: "filled" } as const;
        },
      },
    );
    await expect(read).rejects.toThrow("no database");
    expect(filled).toEqual([]);
  });
});
