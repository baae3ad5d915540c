import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkRegister, type RegisterOperation } from "../support/linearizability/check-register.ts";

type Kind = RegisterOperation["kind"];
const operation = (kind: Kind, value: string, started: number, ended: number) => ({
  kind,
  value,
  started,
  ended,
});

/** Tries every order. */
function isLinearizable(history: RegisterOperation[], current?: string): boolean {
  if (history.length === 0) return true;
  return history.some((first) => {
    const others = history.filter((other) => other !== first);
    if (others.some(({ ended }) => ended < first.started)) return false;
    if (first.kind === "read" && first.value !== current) return false;
    return isLinearizable(others, first.value);
  });
}

describe("the checker of a register", () => {
  it.each([
    ["the new value, then the old one", [operation("read", "b", 4, 5), operation("read", "a", 6, 7)], false],
    ["the old value, then the new one", [operation("read", "a", 4, 5), operation("read", "b", 6, 7)], true],
    ["both at a time", [operation("read", "b", 4, 6), operation("read", "a", 5, 7)], true],
  ])("during a write knows of %s", (_what, reads, linearizable) => {
    const writes = [operation("write", "a", 0, 1), operation("write", "b", 2, 9)];
    expect(checkRegister([...writes, ...reads])).toHaveLength(linearizable ? 0 : 1);
  });

  it("agrees with a search of all orders", () => {
    const span = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 8 }));
    const values = ["a", "b", "c"];
    const reads = fc.array(fc.tuple(fc.constantFrom(...values), span), { maxLength: 4 });
    fc.assert(
      fc.property(fc.tuple(span, span, span), reads, (writes, reads) => {
        // No two events at one time.
        const of = (kind: Kind, value: string, [at, length]: [number, number], index: number) =>
          operation(kind, value, at + index / 100, at + length + index / 100 + 0.5);
        const history = [
          ...writes.map((span, index) => of("write", values[index] ?? "", span, index)),
          ...reads.map(([value, span], index) => of("read", value, span, index + writes.length)),
        ];
        expect(checkRegister(history).length === 0).toBe(isLinearizable(history));
      }),
      { numRuns: 2_000 },
    );
  });
});
