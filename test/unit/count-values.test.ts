import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasMoreValues } from "../../functions/http/count-values.ts";

/** Commas and opening brackets that are not part of a text. */
function countOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const members = Object.values(value);
  return 1 + Math.max(0, members.length - 1) + members.reduce((sum: number, one) => sum + countOf(one), 0);
}

describe("the number of values in a JSON text", () => {
  it("is told whatever they are, and however they are laid out", () => {
    void fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, "  ", "\t"), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const count = countOf(JSON.parse(text));
        expect(hasMoreValues(text, count)).toBe(false);
        if (count > 0) expect(hasMoreValues(text, count - 1)).toBe(true);
      }),
    );
  });

  it("does not count what is in a text", () => {
    expect(hasMoreValues(JSON.stringify({ a: ',[{"\\",[{' }), 1)).toBe(false);
    expect(hasMoreValues(JSON.stringify({ a: "\\", b: "\\" }), 1)).toBe(true);
  });

  it("ends with a text that does not", () => {
    for (const text of ['"', '"\\', '{"a', '["a\\"', ""]) expect(hasMoreValues(text, 1)).toBe(false);
  });
});
