import { describe, expect, it } from "vitest";
import { quantileOf } from "../../bin/local/metrics/figures.ts";
import { BOUNDS_S } from "../../bin/local/metrics/function-figures.ts";

/** How many of `values`, in seconds, are at most each bound. */
const upTo = (values: number[]) => BOUNDS_S.map((bound) => values.filter((value) => value <= bound).length);

describe("a quantile of a histogram", () => {
  it("lies between the bounds of the value that it stands for", () => {
    const values = [...Array<number>(98).fill(0.0015), 0.04, 0.04];
    const p99 = quantileOf(0.99, values.length, upTo(values));
    expect(p99).toBeGreaterThan(0.03);
    expect(p99).toBeLessThanOrEqual(0.05);
  });

  it("is the last bound for what lies beyond it", () => {
    expect(quantileOf(0.99, 1, upTo([60]))).toBe(BOUNDS_S.at(-1));
  });
});
