import { describe, expect, it } from "vitest";
import { BOUNDS_S, cumulative, FunctionFigures } from "../../bin/local/metrics/function-figures.ts";
import { CACHED, json } from "../../functions/http/reply.ts";

const reply = (cached?: boolean) => ({
  ...json(200, {}),
  ...(cached === undefined ? {} : { [CACHED]: cached }),
});

describe("the figures of a function", () => {
  it("tell replies that Redis gave from those that Postgres gave and from all others", () => {
    const figures = new FunctionFigures();
    for (const cached of [true, true, false, undefined]) figures.replied(1, reply(cached));
    const { hit, miss, none } = figures.durations;
    expect([hit, miss, none].map((each) => cumulative(each).count)).toEqual([2, 1, 1]);
  });

  it("count a reply with the first bound that it does not exceed", () => {
    const figures = new FunctionFigures();
    // Exactly at a bound, between two, and beyond the last.
    for (const ms of [0.25, 0.3, 60_000]) figures.replied(ms, reply());
    const { upTo, count, sumS } = cumulative(figures.durations.none);
    expect(upTo.slice(0, 3)).toEqual([1, 2, 2]);
    expect(upTo).toHaveLength(BOUNDS_S.length);
    expect(upTo.at(-1)).toBe(2);
    expect(count).toBe(3);
    expect(sumS).toBeCloseTo(60.000_55, 9);
  });

  it("add up what is counted", () => {
    const figures = new FunctionFigures();
    figures.add("CacheHit");
    figures.add("CacheHit", 3);
    expect(figures.counts).toMatchObject({ CacheHit: 4, CacheMiss: 0 });
  });
});
