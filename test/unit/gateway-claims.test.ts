import { describe, expect, it } from "vitest";
import { differingClaim, renderedClaims } from "../../functions/http/gateway-claims.ts";

const rendered = (claim: unknown) => renderedClaims({ claim }).claim;
const agree = (claim: unknown, passedOn: unknown) =>
  differingClaim({ claim }, { claim: passedOn }) === undefined;

describe("a claim as API Gateway passes it on", () => {
  it.each([
    ["text", "text"],
    ["[a b]", "[a b]"],
    [["a", "b"], "[a b]"],
    [[], "[]"],
    [[["a", "b"], []], "[[a b] []]"],
    [1_700_000_000, "1700000000"],
    [-1.5, "-1.5"],
    [true, "true"],
    [{ b: 1, a: [true, null] }, "map[a:[true <nil>] b:1]"],
    [{}, "map[]"],
    [{ "\u{1f600}": 1, "\uff0f": 2 }, "map[\uff0f:2 \u{1f600}:1]"],
    ["\ud800", "\ufffd"],
  ])("(%j) is the text %j", (claim, text) => {
    expect(rendered(claim)).toBe(text);
    expect(agree(claim, text)).toBe(true);
  });

  it.each([
    [1_700_000_000, "1.7e+09"],
    [1_700_000_000, "1.7E9"],
    [1_700_000_000, "1700000000.0"],
    [1_700_000_000, 1_700_000_000],
    [0.00001, "1e-05"],
    [1e21, "1e+21"],
    [1e21, "1E21"],
    [1e21, "1000000000000000000000"],
    [-12.625, "-12.625"],
    [-12.625, "-1.2625e+01"],
    [[12, 12.5], "[12 12.5]"],
    [[1_700_000_000, "x"], "[1.7e+09 x]"],
    [{ at: 1_700_000_000 }, "map[at:1.7e+09]"],
    [true, true],
    [
      ["a", "b"],
      ["a", "b"],
    ],
    [null, "<nil>"],
    [null, null],
  ])("(%j) is recognised in %j, too", (claim, passedOn) => {
    expect(agree(claim, passedOn)).toBe(true);
  });

  it.each([
    ["1700000000", "1.7e+09"],
    ["1700000000", 1_700_000_000],
    ["007", "7"],
    [1_700_000_000, "1700000001"],
    [1, "0x1"],
    [1, "1."],
    [1, "1e"],
    [1, "+1"],
    [0.5, ".5"],
    [12, "[12]"],
    [1, " 1"],
    [1, ""],
    [1, "1 "],
    [0, ""],
    [true, "1"],
    [false, undefined],
    ["", undefined],
    [["a", "b"], "[a b"],
    [["a", "b"], "[a b] "],
    [["a", "b"], "[a, b]"],
    [["a", "b"], "[b a]"],
    [
      ["a", "b"],
      ["b", "a"],
    ],
    [["a", "b"], "a b"],
    [["a"], "a"],
    ["a", ["a"]],
    ["a", "A"],
    ["a", "a "],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: "1" }, "map[a:1 b:2]"],
  ])("(%j) is not recognised in %j", (claim, passedOn) => {
    expect(agree(claim, passedOn)).toBe(false);
  });

  it("is left out where it is null", () => {
    const payload = { tenant_id: "acme", nickname: null };
    expect(renderedClaims(payload)).toEqual({ tenant_id: "acme" });
    expect(differingClaim(payload, renderedClaims(payload))).toBeUndefined();
    expect(differingClaim(payload, { tenant_id: "acme", nickname: "" })).toBe("nickname");
  });

  it("may be called as what every object inherits", () => {
    const payload = JSON.parse('{"__proto__":{"a":1},"constructor":"x"}');
    expect(Object.entries(renderedClaims(payload))).toEqual([
      ["__proto__", "map[a:1]"],
      ["constructor", "x"],
    ]);
    expect(differingClaim(payload, renderedClaims(payload))).toBeUndefined();
    expect(differingClaim({}, { constructor: "x" } as never)).toBe("constructor");
    expect(differingClaim({ toString: "x" } as never, {})).toBe("toString");
  });

  it("may be nested as deeply as a token of 16 KiB can hold it", () => {
    const depth = 6_000;
    const payload = JSON.parse(`{"claim":${"[".repeat(depth)}${"]".repeat(depth)}}`);
    expect(differingClaim(payload, renderedClaims(payload))).toBeUndefined();
  });
});
